from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client

from accounts.models import StaffUser
from tests.staffing import PASSWORD, logged_in, make_staff

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
    assert "Admins need two-factor authentication." in page.content.decode()
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


@pytest.mark.parametrize("role", ["cs", "viewer"])
def test_the_second_step_is_free_to_others_than_admins(settings, role) -> None:
    settings.ADMIN_SECOND_STEP = True
    make_staff(role)
    client = Client()
    log_in(client, email=f"{role}@koe.example")

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
