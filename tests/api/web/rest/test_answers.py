from __future__ import annotations

import json

from django.http import HttpResponse
from django.test import RequestFactory

from api.domain.problems import Code, FieldError, Problem
from api.web.rest.answers import answer_to, tagged


def test_a_problem_names_field_and_fix() -> None:
    errors = [FieldError("seats", "is too many", "write fewer", row=2)] * 150
    answer = answer_to(Problem(Code.TOO_OFTEN, "Wait.", errors, {"Retry-After": "3"}))

    found = json.loads(answer.content)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3")
    assert answer["Content-Type"] == "application/problem+json"
    assert (found["title"], len(found["errors"])) == ("Too Many Requests", 100)
    assert found["errors_in_total"] == 150
    assert found["errors"][0] == {
        "row": 2, "field": "seats", "detail": "is too many", "fix": "write fewer",
    }  # fmt: skip


def test_a_tag_is_that_of_the_content() -> None:
    plain = RequestFactory().get("/")
    first, same, other = (tagged(plain, HttpResponse(text)) for text in ("a", "a", "b"))
    again = tagged(RequestFactory().get("/", HTTP_IF_NONE_MATCH=first["ETag"]), HttpResponse("a"))

    assert first["ETag"] == same["ETag"] != other["ETag"]
    assert (again.status_code, again.content) == (304, b"")
