"""A request in the Delighted dialect, from its key to its answer.

A view gets a `Call` and gives an `Answer`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone

from accounts.domain.access.roles import Permission
from api.domain.bodies import Unreadable, read_body, read_form
from api.domain.keys import key_in
from api.domain.values import Invalid, moment
from api.models import ApiKey, Project
from api.queries.rows import Span
from api.services.keys import key_for, note_use
from api.services.limits import seconds_to_wait

READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Answer:
    data: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    request: HttpRequest
    key: ApiKey
    now: dt.datetime
    query: Mapping[str, Any]
    # Of what changes something; clients send one with a GET as well, which says nothing.
    body: Mapping[str, Any]

    @property
    def project(self) -> Project:
        return self.key.project

    def span(self, since: str = "since", until: str = "until") -> Span:
        return moment(self.query.get(since), since), moment(self.query.get(until), until)

    @property
    def origin(self) -> str:
        """As the caller wrote it; behind a proxy that speaks https with them, https."""
        scheme = "https" if settings.SERVED_SECURELY else self.request.scheme
        return f"{scheme}://{self.request.get_host()}"


View = Callable[..., Answer]


def needs(permission: Permission) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return decorate


def answered(**views: View) -> Callable[..., JsonResponse]:
    """The view of an address, by method."""

    def respond(request: HttpRequest, **kwargs: Any) -> JsonResponse:
        method = "GET" if request.method == "HEAD" else request.method or ""
        try:
            return _respond(request, views.get(method), kwargs, allowed=sorted(views))
        except Invalid as fault:
            return failure(HTTPStatus.UNPROCESSABLE_ENTITY, errors=fault.errors)
        except Unreadable as fault:
            return failure(HTTPStatus.BAD_REQUEST, str(fault))
        except Http404:
            return failure(HTTPStatus.NOT_FOUND)
        except IntegrityError:  # Somebody was faster with the same address or number.
            return failure(HTTPStatus.CONFLICT)
        except (OperationalError, InterfaceError):
            return failure(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "10"})

    return respond


def failure(
    status: HTTPStatus,
    message: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> JsonResponse:
    body: dict[str, Any] = {"status": int(status), "message": message or status.phrase}
    if errors:
        body["errors"] = dict(errors)
    return JsonResponse(body, status=status, headers=headers)


def _respond(
    request: HttpRequest, view: View | None, kwargs: Mapping[str, Any], *, allowed: list[str]
) -> JsonResponse:
    now = timezone.now()
    key = key_for(key_in(request.META.get("HTTP_AUTHORIZATION", "")), now=now)
    if key is None:
        basic = {"WWW-Authenticate": 'Basic realm="Koe"'}
        return failure(HTTPStatus.UNAUTHORIZED, headers=basic)
    if wait := seconds_to_wait(key, now=now):
        return failure(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})
    note_use(key, now=now)
    if view is None:
        headers = {"Allow": ", ".join(allowed)}
        return failure(HTTPStatus.METHOD_NOT_ALLOWED, headers=headers)
    if not key.may(view.permission):  # type: ignore[attr-defined]
        return failure(HTTPStatus.FORBIDDEN, "This key may not do that.")
    query = read_form(request.META.get("QUERY_STRING", "").replace("%00", ""))
    is_read = request.method in READS
    body = {} if is_read else read_body(request.body, request.content_type or "")
    answer = view(Call(request, key, now, query, body), **kwargs)
    return JsonResponse(answer.data, status=answer.status, safe=False, headers=answer.headers)
