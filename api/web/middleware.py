from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from api.web.call import failure
from common.net.origin import KeepOrigin
from common.web.middleware import body_length

PREFIX = "/v1/"
LARGEST_BODY = 1024 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# What is asked for where JSON will do.
_TAKES_JSON = re.compile(r"(?:application|\*)/(?:json|\*)|\+json", re.IGNORECASE)


class DelightedDialect:
    """Answers everything under /v1/ itself, in JSON, whatever goes wrong: no session, no redirect.

    Clients read the type of every answer without looking at its status first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        serve: Any = convert_exception_to_response(_serve)
        self.serve = KeepOrigin(serve)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response: Any = self.serve(request)
        if response.headers.get("Content-Type") != "application/json":
            response = failure(HTTPStatus(response.status_code))
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(response.content))
        return response  # type: ignore[no-any-return]


def _serve(request: HttpRequest) -> HttpResponse:
    try:
        request.get_host()
    except DisallowedHost:
        return failure(HTTPStatus.BAD_REQUEST, "This host is none of ours.")
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # A key in clear text would go on being sent so, were it led on to https.
        return failure(HTTPStatus.FORBIDDEN, "Use https.")
    if body_length(request) > LARGEST_BODY:
        return failure(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if not _takes_json(request):
        return failure(HTTPStatus.NOT_ACCEPTABLE)
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return failure(HTTPStatus.NOT_FOUND)
    request.resolver_match = match
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _takes_json(request: HttpRequest) -> bool:
    accepted = request.META.get("HTTP_ACCEPT", "").strip()
    named = request.path_info.endswith(".json")
    return not accepted or named or bool(_TAKES_JSON.search(accepted))
