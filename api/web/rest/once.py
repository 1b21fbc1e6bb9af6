"""`Idempotency-Key`: what is sent again does nothing twice and gets the first answer."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _

from api.domain.problems import Code, FieldError, Problem
from api.services.rest.idempotency import Answer, Named, done_once
from api.web.rest.keys import Call

HEADER, LONGEST = "Idempotency-Key", 255
View = TypeVar("View", bound=Callable[..., Any])


def once(view: View) -> View:
    """Around an operation that gives a status and its data."""

    @wraps(view)
    def named(request: Call, *args: Any, **kwargs: Any) -> HttpResponse:
        def work() -> Answer:
            status, data = view(request, *args, **kwargs)
            return status, json.dumps(data, ensure_ascii=False, default=_plain)

        name = request.headers.get(HEADER)
        if name is None:
            return _told(work())
        found = done_once(Named(request.auth, _checked(name), _digest(request), request.now), work)
        response = _told(found.answer)
        if found.is_repeated:
            response.headers["Idempotency-Replayed"] = "true"
        return response

    # ninja would look its words up here, where they are not known.
    named.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    return named  # type: ignore[return-value]


def _told(answer: Answer) -> HttpResponse:
    status, text = answer
    return HttpResponse(text, "application/json", status)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _checked(name: str) -> str:
    if 0 < len(name) <= LONGEST and name.isprintable():
        return name
    detail, fix = _("is empty or too long"), _("write at most 255 printable characters")
    raise Problem(Code.NOT_VALID, f"{HEADER}: {detail}", [FieldError(HEADER, detail, fix)])


def _digest(request: Call) -> str:
    said = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(said).hexdigest()
