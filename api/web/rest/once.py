"""`Idempotency-Key`: what is sent again does nothing twice and gets the first answer."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.translation import gettext as _

from api.domain.problems import Code, FieldError, Problem
from api.services.rest.idempotency import Answer, Named, done_once
from api.web.rest.keys import Call
from api.web.rest.openapi import NAMES

HEADER = "Idempotency-Key"
View = TypeVar("View", bound=Callable[..., Any])


def once(view: View) -> View:
    """Around an operation that gives a status and its data."""

    @wraps(view)
    def named(request: Call, *args: Any, **kwargs: Any) -> HttpResponse:
        def work() -> Answer:
            status, data = view(request, *args, **kwargs)
            return status, json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)

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


def _checked(name: str) -> str:
    if re.fullmatch(NAMES, name):
        return name
    detail = _("is no such name")
    fix = _("write at most 255 letters, digits, hyphens, dots, colons or underscores")
    raise Problem(Code.NOT_VALID, f"{HEADER}: {detail}", [FieldError(HEADER, detail, fix)])


def _digest(request: Call) -> str:
    said = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(said).hexdigest()
