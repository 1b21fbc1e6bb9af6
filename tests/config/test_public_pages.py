"""What stands around the customers' pages: headers, errors, hosts, language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from accounts.models import Suppression
from surveys.views import answer as answer_view
from tests.staffing import make_staff
from tests.surveys.invited import SENT, answer_path, invite, opt_out_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Iterator[Client]:
    cache.clear()
    with time_machine.travel(SENT, tick=False):
        yield Client(enforce_csrf_checks=True, raise_request_exception=False)


def assert_calm(page, status: int) -> None:
    assert page.status_code == status
    assert b"css/survey.css" in page.content
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Content-Length"] == str(len(page.content))
    assert not page.cookies


def test_failure_shows_the_calm_page_with_all_headers(visitor: Client, monkeypatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(answer_view, "find_invitation", fail)
    page = visitor.get(answer_path(invite()))
    assert_calm(page, 500)
    assert b"Something went wrong on our side" in page.content
    assert b"database" not in page.content


@pytest.mark.parametrize("path", ["/s/", "/u/", "/s/a/b/c/", "/s/a/thanks/more", "/u/a/b"])
def test_address_that_leads_nowhere_shows_the_closed_page(visitor: Client, path: str) -> None:
    page = visitor.get(path)
    assert_calm(page, 404)
    assert b"This survey is not open" in page.content


def test_host_that_is_not_ours_is_refused(visitor: Client) -> None:
    assert_calm(visitor.get(answer_path(invite()), HTTP_HOST="evil.example"), 400)


def test_pages_are_served_securely_where_the_site_is(visitor: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    path = answer_path(invite())
    plain = visitor.get(path)
    assert (plain.status_code, plain["Location"]) == (301, f"https://testserver{path}")
    page = visitor.get(path, secure=True)
    assert_calm(page, 200)
    assert page["Strict-Transport-Security"].startswith("max-age=3600")
    assert page["X-Content-Type-Options"] == "nosniff"


def test_staff_who_are_logged_in_get_the_same_page_and_no_query_more(
    visitor: Client, django_assert_num_queries
) -> None:
    path = answer_path(invite())
    anonymous = visitor.get(path + "?score=9")
    visitor.force_login(make_staff("admin"))
    with django_assert_num_queries(1):
        page = visitor.get(path + "?score=9")
    assert_calm(page, 200)
    assert len(page.content) == len(anonymous.content)


def test_link_without_its_last_slash_works(visitor: Client) -> None:
    invitation = invite()
    assert visitor.get(answer_path(invitation)[:-1] + "?score=9").status_code == 200
    one_click = visitor.post(opt_out_path(invitation)[:-1], {"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert Suppression.objects.get().person == invitation.person


def test_closed_page_speaks_the_visitors_language_and_leaves_none_behind(visitor: Client) -> None:
    with translation.override("en"):
        japanese = visitor.get("/s/wrong/", headers={"accept-language": "ja,en;q=0.5"})
        assert translation.get_language() == "en"
    english = visitor.get("/s/wrong/", headers={"accept-language": "en"})
    assert b'<html lang="ja">' in japanese.content
    assert japanese["Content-Language"] == "ja"
    assert b'<html lang="en">' in english.content
    assert english["Content-Language"] == "en"


def test_the_icon_that_browsers_ask_for_by_themselves_is_there(client, db) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, "/static/img/favicon.svg")
