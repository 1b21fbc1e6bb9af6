"""What stands around the pages: headers, errors, hosts, language, and what is too long to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import Suppression
from common.web.middleware import BodyLimit, Htmx, StaffPolicy, body_length
from config.csp import STAFF_POLICY
from surveys.models import Response
from surveys.views.public import answer as answer_view
from tests.staffing import client_as, make_staff
from tests.surveys.helpers.invited import SENT, answer_path, invite, opt_out_path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def visitor() -> Iterator[Client]:
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


# Case 31: what stands behind a link in a sentence, and mail programs take for a part of it.
@pytest.mark.parametrize(
    "behind", [".", ")", ">", ",", "。", "」", "\u00a0", "%20", "_", ");", "です"]
)
@pytest.mark.parametrize("slash", ["/", ""])
def test_link_with_signs_behind_it_opens(visitor: Client, behind: str, slash: str) -> None:
    invitation = invite()
    page = visitor.get(f"{answer_path(invitation)[:-1]}{slash}{behind}")
    assert page.status_code == 200
    assert f'action="{answer_path(invitation)}"' in page.content.decode()
    stop = f"{opt_out_path(invitation)[:-1]}{slash}{behind}"
    assert visitor.get(stop).status_code == 200
    assert visitor.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Suppression.objects.get().person == invitation.person


@pytest.mark.parametrize("behind", ["a", "0", "/thanks/more", "/x."])
def test_letters_behind_a_link_are_another_address(visitor: Client, behind: str) -> None:
    assert visitor.get(answer_path(invite())[:-1] + behind).status_code == 404


def test_closed_page_speaks_the_visitors_language_and_leaves_none_behind(visitor: Client) -> None:
    with translation.override("en"):
        japanese = visitor.get("/s/wrong/", headers={"accept-language": "ja,en;q=0.5"})
        assert translation.get_language() == "en"
    english = visitor.get("/s/wrong/", headers={"accept-language": "en"})
    assert b'<html lang="ja">' in japanese.content
    assert japanese["Content-Language"] == "ja"
    assert b'<html lang="en">' in english.content
    assert english["Content-Language"] == "en"


MEGABYTE = 1024 * 1024
FORM = "multipart/form-data; boundary=b"


def announce(client: Client, path: str, size: int):
    """A request that says how long it is; nothing of it may be read."""
    return client.generic("POST", path, b"", FORM, CONTENT_LENGTH=str(size))


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/i18n/setlang/"])
def test_a_body_longer_than_any_form_is_refused(path: str) -> None:
    assert announce(Client(), path, 5 * MEGABYTE + 1).status_code == 413
    assert announce(Client(), path, 5 * MEGABYTE).status_code != 413


def test_an_import_may_be_longer() -> None:
    client = client_as("cs")

    assert announce(client, "/imports/new/", 30 * MEGABYTE).status_code == 422
    assert announce(client, "/imports/new/", 64 * MEGABYTE + 1).status_code == 413


def test_a_length_that_is_no_number_reads_nothing() -> None:
    assert Client().generic("POST", "/nowhere/", b"", CONTENT_LENGTH="²").status_code == 404


def test_a_survey_page_takes_no_long_body_and_stays_calm() -> None:
    path = answer_path(invite())
    body = b"--b\r\nContent-Disposition: form-data; name=score\r\n\r\n9\r\n--b\r\n"
    body += b'Content-Disposition: form-data; name=f; filename="f"\r\n\r\n'
    body += b"x" * (5 * MEGABYTE) + b"\r\n--b--\r\n"

    page = Client().generic("POST", path, body, FORM)

    assert page.status_code == 400
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert Response.objects.count() == 0


@pytest.mark.parametrize(
    ("announced", "length"),
    [("5", 5), ("", 0), (None, 0), ("-1", 0), ("1e9", 0), ("²", 0), ("٣", 0), (" 5", 0)],
)
def test_a_length_is_a_plain_number_or_none(announced: str | None, length: int) -> None:
    request = RequestFactory().get("/")
    if announced is not None:
        request.META["CONTENT_LENGTH"] = announced

    assert body_length(request) == length


@pytest.mark.parametrize("path", ["/anymail/", "/anymail/sendgrid/tracking/"])
def test_a_providers_events_may_be_shorter_than_a_form_only(path: str) -> None:
    def pass_on(request: HttpRequest) -> HttpResponse:
        return HttpResponse("read")

    def answer(size: int) -> int:
        request = RequestFactory().post(path, b"", FORM, CONTENT_LENGTH=str(size))
        return BodyLimit(pass_on)(request).status_code

    assert (answer(MEGABYTE), answer(MEGABYTE + 1)) == (200, 413)


def test_a_redirect_leads_the_browser_and_not_a_region_to_another_page() -> None:
    plain = Client().get("/campaigns/")
    part = Client().get("/campaigns/", headers={"HX-Request": "true"})

    assert (plain.status_code, plain["Location"]) == (302, "/accounts/login/?next=/campaigns/")
    assert (part.status_code, part["HX-Redirect"]) == (200, plain["Location"])
    assert "Location" not in part
    region = client_as("cs").get("/campaigns/", headers={"HX-Request": "true"})
    assert (region.status_code, region.get("HX-Redirect")) == (200, None)


def policy_of(response: HttpResponse) -> str | None:
    answer = StaffPolicy(lambda request: response)(RequestFactory().get("/"))
    return answer.headers.get("Content-Security-Policy")


def test_pages_have_the_policy_of_staff_pages_unless_they_bring_their_own() -> None:
    own = {"Content-Security-Policy": "default-src 'none'"}

    assert policy_of(HttpResponse()) == STAFF_POLICY
    assert policy_of(HttpResponse(headers=own)) == "default-src 'none'"
    assert Client().get("/accounts/login/")["Content-Security-Policy"] == STAFF_POLICY


@pytest.mark.parametrize("status", [404, 500])
def test_only_what_developers_see_of_errors_may_have_its_style_inline(settings, status) -> None:
    assert policy_of(HttpResponse(status=status)) == STAFF_POLICY

    settings.DEBUG = True
    assert policy_of(HttpResponse(status=status)) is None
    assert policy_of(HttpResponse(status=403)) == STAFF_POLICY


@pytest.mark.parametrize(("said", "by_htmx"), [("true", True), ("no", False), (None, False)])
def test_views_know_whether_htmx_asks(said: str | None, by_htmx: bool) -> None:
    asked: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request.htmx)  # type: ignore[attr-defined]
        return HttpResponse()

    headers = {} if said is None else {"HX-Request": said}
    Htmx(view)(RequestFactory().get("/", headers=headers))

    assert asked == [by_htmx]
