"""From where the request that is being answered came, for whoever notes what was done."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

AGENT_LIMIT = 200


class Origin(NamedTuple):
    address: str
    agent: str


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin | None:
    """None where nobody asked by a browser: a command, a task."""
    return _current.get()


class KeepOrigin:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        agent = request.META.get("HTTP_USER_AGENT", "")[:AGENT_LIMIT]
        token = _current.set(Origin(remote_address(request), agent))
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)


def remote_address(request: HttpRequest) -> str:
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        # The last entry is our own proxy's word; those before it are the client's.
        return str(forwarded).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
