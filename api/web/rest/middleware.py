from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation

from api.domain.problems import Code, code_of
from api.web.rest.answers import (
    DOCS,
    HEADERS,
    PLAIN,
    PREFIX,
    PROBLEM_TYPE,
    plain_problem,
    tagged,
)
from common.net.origin import KeepOrigin
from common.web.middleware import body_length

# Its addresses stand apart from those of the pages: what they import takes half a second.
ADDRESSES = "api.rest_urls"
READS = ("GET", "HEAD")
BODIES = ("application/json", "application/x-ndjson")


class RestApi:
    """Answers everything under /api/v1/ itself but for the page about it: no session, no redirect.

    Whatever goes wrong is told as problem+json.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        serve: Any = convert_exception_to_response(_serve)
        self.serve = KeepOrigin(serve)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX) or request.path_info == DOCS:
            return self.get_response(request)
        is_head = request.method == "HEAD"
        with translation.override(translation.get_language_from_request(request)):
            response = _finished(request, self.serve(request))
            response.headers["Content-Language"] = translation.get_language() or ""
        for name, value in HEADERS.items():
            response.headers[name] = value
        if is_head and isinstance(response, HttpResponse):
            response.content = b""
        return response


def _finished(request: HttpRequest, response: Any) -> HttpResponseBase:
    if response.streaming:
        return response  # type: ignore[no-any-return]
    if response.status_code >= 400 and response.headers.get("Content-Type") != PROBLEM_TYPE:
        allow = ", ".join(sorted(filter(None, response.headers.get("Allow", "").split(", "))))
        code = code_of(response.status_code)
        response = plain_problem(code if code in PLAIN else Code.FAULT, allow=allow)
    elif request.method in READS and response.status_code == HTTPStatus.OK:
        response = tagged(request, response)
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        response.headers["Content-Length"] = str(len(response.content))
    return response  # type: ignore[no-any-return]


def _serve(request: HttpRequest) -> HttpResponseBase:
    try:
        request.get_host()
    except DisallowedHost:
        return plain_problem(Code.UNREADABLE)
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # A key in clear text would go on being sent so, were it led on to https.
        return plain_problem(Code.HTTPS)
    if body_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return plain_problem(Code.TOO_LARGE)
    if body_length(request) and request.content_type not in BODIES:
        return plain_problem(Code.MEDIA_TYPE)
    try:
        match = resolve(request.path_info, urlconf=ADDRESSES)
    except Resolver404:
        return plain_problem(Code.NOT_FOUND)
    request.resolver_match = match
    if request.method == "HEAD":
        request.method = "GET"
    try:
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    except (OperationalError, InterfaceError):
        response = plain_problem(Code.AWAY)
        response.headers["Retry-After"] = "10"
    return response
