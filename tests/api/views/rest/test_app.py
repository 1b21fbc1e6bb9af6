"""All operations together: who is let in, and how what is wrong with a request is told."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from analytics.registry import REPORTS
from api.models import ApiKey
from api.views.rest.app import api
from api.web.rest.openapi import described
from tests.api.calling import Rest

pytestmark = pytest.mark.django_db
OPERATIONS = [
    (method.upper(), path.removeprefix("/api/v1/"), operation)
    for path, methods in described(api)["paths"].items()
    for method, operation in methods.items()
]
BROKEN = "{"


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path)


def outcomes(rest: Rest, **headers: str) -> dict[str, int]:
    """By operation; the body is broken, which is told to whoever was let in."""
    return {
        f"{method} {path}": rest(
            method, filled(path), "" if method == "GET" else BROKEN, **headers
        ).status_code
        for method, path, _ in OPERATIONS
    }


def test_every_operation_asks_for_a_key_that_is_in_force() -> None:
    rest, now = Rest(), timezone.now()

    assert len(OPERATIONS) > 35
    assert set(outcomes(Rest(), HTTP_AUTHORIZATION="").values()) == {401}
    assert set(outcomes(rest, HTTP_AUTHORIZATION="Bearer koe_aaaaaaaa_x").values()) == {401}
    ApiKey.objects.filter(pk=rest.key.pk).update(revoked_at=now)
    assert set(outcomes(rest).values()) == {401}
    gone = now - dt.timedelta(seconds=1)
    ApiKey.objects.filter(pk=rest.key.pk).update(revoked_at=None, expires_at=gone)
    assert set(outcomes(rest).values()) == {401}


def test_a_viewers_key_reads_results_and_nothing_of_people() -> None:
    viewer = outcomes(Rest(role="viewer"))
    roles = {f"{method} {path}": each["x-roles"] for method, path, each in OPERATIONS}

    assert [name for name in roles if (viewer[name] == 403) != ("viewer" not in roles[name])] == []
    let_in = {name for name, status in viewer.items() if status != 403}
    reports = {f"GET reports/{each.name}" for each in REPORTS}
    further = {"GET metrics", "GET responses", "GET responses/{id}"}
    further |= {"GET reports/follow_ups", "GET reports/goals"}
    # A report that is registered is here as well.
    assert let_in == reports | further


def test_a_method_that_is_not_there_names_those_that_are() -> None:
    answer = Rest()("DELETE", "customers")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    assert answer.json()["type"] == "/api/v1/docs#method"


@pytest.mark.parametrize(
    ("path", "body", "content_type", "status"),
    [
        ("usage", BROKEN, "application/json", 400),
        ("usage", "[" * 100_000, "application/json", 400),
        ("usage", b"\xff", "application/json", 400),
        ("usage", "[NaN]", "application/json", 400),
        ("usage", "{}\n{", "application/x-ndjson", 400),
        ("usage", "a=1", "application/x-www-form-urlencoded", 415),
        ("usage", "[{}]", "application/json", 422),
        ("usage", '[{"customer_id": "\\ud800"}]', "application/json", 422),
        ("usage", "null", "application/json", 422),
        ("campaigns", '{"name": 1}', "application/json", 422),
        ("nothing", "", "application/json", 404),
    ],
)
def test_what_cannot_be_read_is_told_as_a_problem(
    path: str, body: str | bytes, content_type: str, status: int
) -> None:
    found = Rest().send("POST", path, body, status=status, CONTENT_TYPE=content_type)

    assert (found["status"], bool(found["detail"])) == (status, True)
    assert found["type"].startswith("/api/v1/docs#")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    Rest().send("POST", "usage", "[" + " " * 20, status=413)


def test_the_description_is_for_everybody_and_names_what_can_go_wrong() -> None:
    answer = Client().get("/api/v1/openapi.json")

    found = json.loads(answer.content)
    assert found["openapi"].startswith("3.1")
    for method, path, operation in OPERATIONS:
        known = operation["responses"].keys()
        assert known >= {"400", "401", "403", "404", "409", "422", "429", "503"}, path
        assert ("304" in known) == (method == "GET")
        assert len(operation["tags"]) == 1
