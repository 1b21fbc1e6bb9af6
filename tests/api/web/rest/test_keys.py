from __future__ import annotations

import pytest

from tests.api.calling import Rest, basic

pytestmark = pytest.mark.django_db


def test_a_key_may_be_sent_in_both_ways_and_its_use_is_noted() -> None:
    rest = Rest()

    for header in (f"Bearer {rest.text}", basic(f"{rest.text}:")):
        rest.get("customers", HTTP_AUTHORIZATION=header)
    rest.key.refresh_from_db()
    assert rest.key.last_used_at is not None
    refused = rest("GET", "customers", HTTP_AUTHORIZATION="Bearer x")
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_who_sends_too_much_is_told_when_to_go_on() -> None:
    rest = Rest(rate=2)
    for _ in range(2):
        rest.get("customers")

    answer = rest("GET", "customers")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["Retry-After"] in answer.json()["detail"]


def test_a_role_is_told_which_one_may() -> None:
    assert "cs" in Rest(role="viewer").get("customers", status=403)["detail"]


def test_a_parameter_that_is_misspelt_is_no_request_for_everything() -> None:
    rest = Rest()

    for path in ("customers?updated_sinc=2026-01-01T00:00:00Z", "campaigns/x?limit=3"):
        found = rest.get(path, status=422)
        assert found["errors"][0]["field"] == path.partition("?")[2].partition("=")[0]
    rest.get("reports/trend?by=month&from=2026-01-01&to=2026-03-31")
