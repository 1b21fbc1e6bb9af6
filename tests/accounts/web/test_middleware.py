from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from celery.signals import beat_init, worker_init
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from accounts.domain.access.demo import DEMO_PASSWORD
from accounts.models import StaffUser
from accounts.receivers import start_without_demo_logins
from accounts.web.middleware import NoDemoLogins
from tests.staffing import PASSWORD, client_as, logged_in, make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def log_in(client: Client, *, email: str = "admin@koe.example", password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def confirm_password(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = next(auth.yield_hotp_counters_from_time())
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


@pytest.mark.parametrize("path", ["/", "/settings/", "/admin/", "/responses/export.csv"])
def test_an_admin_gets_no_further_than_to_the_set_up_of_the_second_step(settings, path) -> None:
    settings.ADMIN_SECOND_STEP = True
    user = make_staff("admin")
    client = Client()
    log_in(client)

    page = client.get(path, follow=True)

    assert page.redirect_chain == [("/accounts/2fa/", 302)]
    assert "Two-factor authentication is needed here." in page.content.decode()
    assert client.post("/settings/staff/new/", {"email": "x@koe.example"}).status_code == 302
    assert StaffUser.objects.count() == 1
    # Recovery codes alone are no second step.
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    assert client.get(path)["Location"] == "/accounts/2fa/"


def test_an_admin_who_has_set_up_the_second_step_goes_on(settings) -> None:
    settings.ADMIN_SECOND_STEP = True
    client = Client()
    make_staff("admin")
    log_in(client)
    confirm_password(client)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret

    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert client.get("/").status_code == 200
    another = Client()
    assert log_in(another)["Location"] == "/accounts/2fa/authenticate/"
    assert another.get("/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", ["cs", "viewer", "admin"])
def test_the_second_step_is_asked_of_admins_and_of_the_others_apart(settings, role) -> None:
    make_staff(role)
    client = Client()
    log_in(client, email=f"{role}@koe.example")

    settings.ADMIN_SECOND_STEP, settings.STAFF_SECOND_STEP = role == "admin", role != "admin"
    assert client.get("/")["Location"] == "/accounts/2fa/"

    settings.ADMIN_SECOND_STEP, settings.STAFF_SECOND_STEP = role != "admin", role == "admin"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/logout/", "/accounts/password/change/"]
)
def test_what_leads_to_the_second_step_stays_open(settings, path: str) -> None:
    settings.ADMIN_SECOND_STEP = True
    client = logged_in(make_staff("admin"))

    assert client.get(path).status_code == 200
    assert client.post("/i18n/setlang/", {"language": "ja", "next": path})["Location"] == path


@pytest.mark.parametrize(
    ("language", "asked", "shown"), [("ja", "en", "ja"), ("en", "ja", "en"), ("", "ja", "ja")]
)
def test_staff_read_the_language_they_chose_and_else_that_of_the_browser(
    language: str, asked: str, shown: str
) -> None:
    client = logged_in(make_staff("cs", language=language))

    page = client.get("/campaigns/", headers={"accept-language": asked})

    assert f'<html lang="{shown}"' in page.content.decode()
    assert page["Content-Language"] == shown
    # The thread serves somebody else next.
    other = Client().get("/accounts/login/", headers={"accept-language": "en"})
    assert other["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("hours", "is_in"),
    [([1.9, 1.9], True), ([2.1], False), ([1.9] * 6, True), ([1.9] * 6 + [0.7], False)],
    ids=["used", "unused", "a day's work", "and more"],
)
def test_a_session_ends_by_itself(hours: list[float], is_in: bool) -> None:
    make_staff("cs")
    client = Client()
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, email="cs@koe.example")
        for each in hours[:-1]:
            clock.shift(dt.timedelta(hours=each))
            assert client.get("/").status_code == 200
        clock.shift(dt.timedelta(hours=hours[-1]))

        page = client.get("/")

        assert page.status_code == (200 if is_in else 302)
        if not is_in:
            asked = client.get(page["Location"]).content.decode()
            assert "You were logged out, as your session had ended." in asked


def test_that_a_session_is_used_is_written_once_a_minute() -> None:
    written = []
    with time_machine.travel(NOW, tick=False) as clock:
        client = client_as("cs")
        for seconds in (0, 50, 20):
            clock.shift(dt.timedelta(seconds=seconds))
            client.get("/accounts/password/change/")
            written.append(Session.objects.get().session_data)

    assert written[0] == written[1] != written[2]


def test_one_sees_where_one_is_logged_in_and_ends_all_but_this_session() -> None:
    make_staff("cs")
    here, there = Client(), Client(REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Phone")
    for client in (here, there):
        log_in(client, email="cs@koe.example")
    stranger = client_as("viewer")

    page = here.get("/accounts/sessions/").content.decode()
    assert "127.0.0.1" in page
    assert "198.51.100.7" in page
    assert "Phone" in page
    assert page.count("this browser") == 1
    assert here.post("/accounts/sessions/", follow=True).status_code == 200

    assert [client.get("/").status_code for client in (here, there, stranger)] == [200, 302, 200]
    assert "198.51.100.7" not in here.get("/accounts/sessions/").content.decode()


def test_no_web_process_starts_beside_a_log_in_with_the_password_of_the_demo(
    settings, capsys
) -> None:
    make_staff("admin").set_password(DEMO_PASSWORD)
    demo = make_staff("cs", "cs@koe.example")
    demo.set_password(DEMO_PASSWORD)
    demo.save()
    with pytest.raises(MiddlewareNotUsed):
        NoDemoLogins(HttpResponse)

    settings.SERVED_SECURELY = True
    with pytest.raises(ImproperlyConfigured, match=r"cs@koe\.example still have .* close_demo_log"):
        WSGIHandler()
    for starts in (worker_init, beat_init):
        assert start_without_demo_logins in [each() for _, each in starts.receivers]
        with pytest.raises(SystemExit, match="still have the password that everybody knows"):
            start_without_demo_logins()
    call_command("close_demo_logins")
    call_command("close_demo_logins")

    assert capsys.readouterr().out == "Closed: cs@koe.example\nNone is open.\n"
    WSGIHandler()
