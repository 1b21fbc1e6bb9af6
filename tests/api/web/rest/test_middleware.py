from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from api.models import ApiKey
from tests.api.calling import Rest

pytestmark = pytest.mark.django_db


def test_no_cookie_is_set_and_no_page_may_use_an_answer() -> None:
    answer = Rest()("GET", "customers")

    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-cache"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_https_is_asked_for_and_not_led_to(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert Rest().send("GET", "customers", status=403)["type"].endswith("#https")


def test_only_this_host_answers(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["koe.example"]

    Rest().get("customers", status=400, HTTP_HOST="evil.example")
    Rest().get("customers", HTTP_HOST="koe.example")


def test_a_fault_of_ours_tells_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = Rest()
    rest.client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    def away(*_: object) -> None:
        raise OperationalError("secret")

    for error, status in ((broken, 500), (away, 503)):
        monkeypatch.setattr(ApiKey, "may", error)
        answer = rest("GET", "customers")
        assert (answer.status_code, "secret" in answer.content.decode()) == (status, False)
    assert answer["Retry-After"] == "10"


def test_it_speaks_the_language_that_is_asked_for() -> None:
    found = Rest()("GET", "nothing", HTTP_ACCEPT_LANGUAGE="ja")
    told = Client().get("/api/v1/customers", HTTP_ACCEPT_LANGUAGE="ja")

    assert (found["Content-Language"], found.status_code) == ("ja", 404)
    assert "キー" in told.json()["detail"]


def test_its_own_root_is_no_page() -> None:
    for path in ("", "docs/", "openapi.yaml", "customers/"):
        assert Rest()("GET", path).status_code == 404, path
