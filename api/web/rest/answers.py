"""What is the same of every answer under /api/v1/: problems, and tags of what was answered."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from api.domain.problems import STATUS, Code, Problem

PREFIX = "/api/v1/"
DOCS = f"{PREFIX}docs"
PROBLEM_TYPE = "application/problem+json"
HEADERS = {
    # A program may keep what it read; it asks each time whether that still holds.
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def answer_to(problem: Problem) -> HttpResponse:
    status = HTTPStatus(STATUS[problem.code])
    body = problem.as_dict(title=status.phrase, page=DOCS)
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, PROBLEM_TYPE, status, headers=problem.headers)


def plain_problem(code: Code, *, allow: str = "") -> HttpResponse:
    headers = {"Allow": allow} if allow else {}
    return answer_to(Problem(code, gettext(PLAIN[code]), (), headers))


PLAIN = {
    Code.UNREADABLE: gettext_noop("The request cannot be read."),
    Code.HTTPS: gettext_noop("Use https."),
    Code.NOT_FOUND: gettext_noop("There is nothing under this address."),
    Code.METHOD: gettext_noop(
        "This address does not know that method; Allow names those that it knows."
    ),
    Code.TOO_LARGE: gettext_noop("The body is too large; send it in parts."),
    Code.FAULT: gettext_noop("Koe failed; its log says why."),
    Code.MEDIA_TYPE: gettext_noop("Send JSON, with Content-Type: application/json."),
    Code.AWAY: gettext_noop("The database does not answer. Try again later."),
}


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With its ETag; whoever has this very answer gets none."""
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        del response.headers["Content-Type"]
    response.headers["ETag"] = tag
    return response
