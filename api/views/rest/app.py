"""The operations of /api/v1/, put together."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from api.domain.problems import Code, Problem, code_of
from api.views.rest import (
    campaigns,
    customers,
    exports,
    facts,
    follow_ups,
    invitations,
    reports,
    responses,
)
from api.web.rest.answers import answer_to, plain_problem
from api.web.rest.faults import not_valid
from api.web.rest.keys import tell_parameters
from api.web.rest.openapi import NDJSON, described

JSON = "application/json"


class Bodies(Parser):
    """JSON, or a line of it for each row."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            if request.content_type == NDJSON:
                lines = request.body.decode().split("\n")
                return [json.loads(line, parse_constant=_refuse) for line in lines if line.strip()]
            return json.loads(request.body, parse_constant=_refuse)
        except RecursionError as fault:
            raise ValueError from fault


def _refuse(constant: str) -> None:
    raise ValueError(constant)


api = NinjaAPI(
    title="Koe",
    version="1",
    description=(
        "Customers, their facts and answers in; campaigns, results and reports out. "
        "Send `Authorization: Bearer KEY`."
    ),
    docs_url=None,
    openapi_url=None,
    urls_namespace="rest",
    parser=Bodies(),
)
PARTS = (customers, facts, campaigns, invitations, responses, follow_ups, reports, exports)
for part in PARTS:
    api.add_router("", part.router)
    tell_parameters(part.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, found: Any) -> HttpResponse:
    return answer_to(found)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, found: Any) -> HttpResponse:
    return answer_to(not_valid(found.errors))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, found: Any) -> HttpResponse:
    return plain_problem(Code.NOT_FOUND)


@api.exception_handler(HttpError)
def _told(request: HttpRequest, found: Any) -> HttpResponse:
    return answer_to(Problem(code_of(found.status_code), found.message))


@api.exception_handler(Exception)
def _fault(request: HttpRequest, found: Any) -> HttpResponse:
    raise found


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """For everybody: it says no more than the page about it."""
    return HttpResponse(json.dumps(described(api), ensure_ascii=False), JSON)
