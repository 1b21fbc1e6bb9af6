from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client

from api.models import Member
from tests.api.calling import Caller, basic

pytestmark = pytest.mark.django_db
PATHS = ["people", "survey_responses", "metrics", "unsubscribes", "bounces"]


@pytest.mark.parametrize("path", PATHS)
def test_an_address_is_the_same_with_and_without_json_and_never_redirects(path: str) -> None:
    caller = Caller()

    assert caller("GET", path).content == caller("GET", f"{path}.json").content
    for wrong in (f"{path}/", f"{path}.json/", f"{path}.xml"):
        answer = caller("GET", wrong)
        assert (answer.status_code, "Location" in answer) == (404, False), wrong
    assert caller("PATCH", path).status_code == 405


@pytest.mark.parametrize("path", ["", "nothing", "people/", "survey_responses/x", "people/a/b/c"])
def test_what_is_not_there_is_told_in_json(path: str) -> None:
    answer = Caller()("GET", path)

    assert (answer.status_code, answer.json()) == (404, {"status": 404, "message": "Not Found"})


@pytest.mark.parametrize("header", ["", "Basic", basic("koe_aaaaaaaa_" + "x" * 43), basic("é")])
@pytest.mark.parametrize("path", PATHS)
def test_without_a_key_nothing_is_said(path: str, header: str) -> None:
    answer = Caller()("GET", path, HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401
    assert answer.json() == {"status": 401, "message": "Unauthorized"}


def test_every_spelling_of_a_key_opens_and_a_revoked_one_does_not() -> None:
    caller = Caller()
    headers = [basic(caller.text), basic(f"{caller.text}:x"), f"Bearer {caller.text}"]

    assert [caller("GET", "people", HTTP_AUTHORIZATION=each).status_code for each in headers] == [
        200
    ] * 3
    caller.key.refresh_from_db()
    assert caller.key.last_used_at is not None
    type(caller.key).objects.update(revoked_at=caller.key.created_at)
    assert caller("GET", "people").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status"),
    [
        ("GET", "people", "{}", "", 200),
        ("GET", "people", "", "application/json", 200),
        ("GET", "people?auto_handle_rate_limits=True", "{", "application/json", 200),
        ("DELETE", "people/email:a@x.example", "", "application/json", 202),
        ("DELETE", "people/email:a@x.example", "{}", "application/json", 202),
        ("DELETE", "people/email:a@x.example", "", "application/x-www-form-urlencoded", 202),
        ("DELETE", "people/email%3Aa%40x.example", "", "", 202),
        ("POST", "people", "{", "application/json", 400),
        ("POST", "people", "[1]", "application/json", 400),
        ("POST", "people", b"\xff", "application/json", 400),
        ("POST", "people", "a=1", "multipart/form-data", 400),
        ("POST", "people", "x" * (1024 * 1024 + 1), "application/json", 413),
    ],
)
def test_odd_bodies_are_taken_and_broken_ones_refused(
    method: str, path: str, body: str | bytes, content_type: str, status: int
) -> None:
    caller = Caller()
    caller.post("people", {"email": "a@x.example", "send": False})

    assert caller(method, path, body, CONTENT_TYPE=content_type).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "people/%00",
        "people/email:%00",
        "people?email=%00%ff&phone_number=%00",
        "people?email[]=a&email[b]=c&since[]=1",
        "people?page_info=%ff%00",
        "people?page_info=" + "A" * 5000,
        # The first day of all, in a zone that has not come to it.
        "people?page_info=MDAwMS0wMS0wMVQwMDowMDowMCsyMzo1OSAx",
        "people?" + "a=1&" * 2000,
        "people?since=99999999999999999999",
        "people?per_page=-5&per_page=x",
        "people/" + "9" * 400,
        "survey_responses/" + "9" * 5000,
        "survey_responses?page=-1&order=%00&person_id=%00",
        "survey_responses?order[]=x",
        "metrics?since=x",
        "unsubscribes?page=9999999999999999999999",
        "bounces?until=-1",
        "people/%F0%9F%98%80%ED%A0%80",
    ],
)
def test_no_address_is_an_error_of_the_server(path: str) -> None:
    for method in ("GET", "DELETE", "PUT", "HEAD"):
        assert Caller()(method, path).status_code < 500, method


def test_json_is_refused_to_whoever_wants_something_else() -> None:
    caller = Caller()
    accepted = {"text/html": 406, "": 200, "*/*": 200, "text/html, application/*;q=0.1": 200}

    for accept, status in accepted.items():
        assert caller("GET", "people", HTTP_ACCEPT=accept).status_code == status
    assert caller("GET", "people.json", HTTP_ACCEPT="text/html").status_code == 200


def test_https_is_asked_for_and_not_led_to(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    answer = Caller()("GET", "people")

    assert (answer.status_code, answer.json()["message"]) == (403, "Use https.")
    assert Client().get("/", secure=False).status_code == 301


def test_a_link_speaks_as_the_proxy_does(settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["koe.example"]
    caller = Caller()
    for name in "ab":
        caller_headers = {"HTTP_HOST": "koe.example"}
        caller("POST", "people", {"email": f"{name}@x.example", "send": False}, **caller_headers)

    answer = caller(
        "GET", "people?per_page=1", HTTP_X_FORWARDED_PROTO="https", HTTP_HOST="koe.example"
    )

    assert answer["Link"].startswith("<https://koe.example/v1/people.json?")
    assert caller("GET", "people", HTTP_HOST="evil.example").status_code == 400


def test_a_fault_of_ours_is_told_in_json(monkeypatch) -> None:
    caller = Caller()
    caller.client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Member.objects.__class__, "of", broken)
    answer = caller("GET", "people")
    assert (answer.status_code, "secret" in answer.content.decode()) == (500, False)

    def taken(*_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(Member.objects.__class__, "of", taken)
    assert caller("GET", "people").status_code == 409

    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(Member.objects.__class__, "of", away)
    answer = caller("GET", "people")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_no_cookie_is_set_or_believed() -> None:
    caller = Caller()
    answer = caller("GET", "people")

    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
