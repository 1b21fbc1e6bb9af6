from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from common.resilience.retry import retry

# No longer: few threads serve, and all of them would wait.
UNTIL_IT_IS_BACK = (0.05, 0.2, 0.5, 1.0, 2.0)
PUBLIC_PREFIXES = ("/s/", "/u/")
_LETTERS = frozenset(string.ascii_letters + string.digits)
PUBLIC_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class PublicPages:
    """Answers everything under /s/ and /u/ itself, before sessions, staff log-in and CSRF checks.

    A page that carries its authority in the address needs none of them and sets no cookie, and
    whatever goes wrong on it ends here, with the same headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.serve: Callable[[HttpRequest], Any] = convert_exception_to_response(_serve)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PUBLIC_PREFIXES):
            return self.get_response(request)
        # For the pages that no survey's language is known for.
        with translation.override(translation.get_language_from_request(request)):
            response: HttpResponse = self.serve(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        response.headers["Content-Security-Policy"] = settings.PUBLIC_CONTENT_SECURITY_POLICY
        for name, value in PUBLIC_HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(response.content))
        response.cookies.clear()
        response.headers.pop("Vary", "")
        return response


def _serve(request: HttpRequest) -> HttpResponse:
    request.get_host()  # Raises where the host is none of ours.
    if body_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig
    match = _match(request.path_info)
    if match is None:
        return HttpResponse(get_template("public/closed.html").render({}), status=404)
    request.resolver_match = match

    def view() -> HttpResponse:
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response

    # Whoever answers does not come again: a connection that breaks is no reason to ask them to.
    return retry(view, pauses=UNTIL_IT_IS_BACK)


def _match(path: str) -> ResolverMatch | None:
    """Served as it was meant: a POST follows no redirect."""
    try:
        return resolve(_as_meant(path))
    except Resolver404:
        return None


def _as_meant(path: str) -> str:
    """Mail programs cut off a link's last slash, or take the full stop or bracket behind it along.

    Without slash all addresses here end in a letter or digit: a token's last one codes four bits.
    """
    whole = next((n for n in range(len(path), 0, -1) if path[n - 1] in _LETTERS), 0)
    return f"{path[:whole]}/"


MEGABYTE = 1024 * 1024
# Longer bodies than any form has, by where they go. What is a little too large for an import is
# still read, so that its form can say so.
LARGEST_BODIES = {"/anymail/": MEGABYTE, "/imports/": 64 * MEGABYTE}


class BodyLimit:
    """Refuses what no form and no mail provider sends before a byte of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if body_length(request) > largest_body(request.path_info):
            return HttpResponse("Too large.\n", status=413, content_type="text/plain")
        return self.get_response(request)


def largest_body(path: str) -> int:
    for start, size in LARGEST_BODIES.items():
        if path.startswith(start):
            return size
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def body_length(request: HttpRequest) -> int:
    return announced_length(request.META)


def announced_length(environ: Mapping[str, Any]) -> int:
    """Of a body without it Django reads nothing."""
    length = environ.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0


class StaffPolicy:
    """What pages may load and run, and that nobody keeps them, where they say nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Names, comments and files of customers stay on no shared machine, nor in a proxy.
        response.headers.setdefault("Cache-Control", "no-store")
        # Django's own pages for errors, of developers, have their style inline.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            policy = settings.STAFF_CONTENT_SECURITY_POLICY
            response.headers.setdefault("Content-Security-Policy", policy)
        return response


class HealthByAddress:
    """A load balancer asks each machine by its address, which is no host of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/"):
            request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
        return self.get_response(request)


class Htmx:
    """Says whether htmx asks (`request.htmx`), and leads the browser where a redirect leads to.

    htmx itself would put that page into its region.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.htmx = request.headers.get("HX-Request") == "true"  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.htmx and "Location" in response.headers:  # type: ignore[attr-defined]
            response.headers["HX-Redirect"] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 200
        return response
