"""A passkey from end to end, with an authenticator that Chromium plays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from accounts.models import AuditEvent, StaffMail
from tests.staffing import PASSWORD, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, live_server, settings) -> Iterator[Page]:
    cache.clear()
    settings.SITE_URL = live_server.url
    settings.ADMIN_SECOND_STEP = True
    context = browser.new_context(locale="en", base_url=live_server.url)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


def plug_in(page: Page) -> Any:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return lambda **changed: devtools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], **changed}
    )


def log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def is_inside(url: str) -> bool:
    return "/accounts/" not in url


def test_a_passkey_is_registered_used_both_ways_and_removed(page: Page) -> None:
    admin = make_staff("admin", language="en")
    verify = plug_in(page)
    said: list[str] = []
    page.on("console", lambda each: said.append(each.text) if each.type == "error" else None)

    # Registered, which an admin has to; after the password once more.
    log_in(page, admin.email)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    [passkey] = Authenticator.objects.filter(user=admin, type="webauthn")
    assert passkey.last_used_at is None
    page.goto("/")
    assert is_inside(page.url)

    # As the second step: the password alone is not enough, and who refuses stays outside.
    log_out(page)
    log_in(page, admin.email)
    verify(isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The browser gave no passkey.")).to_be_visible()
    verify(isUserVerified=True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(is_inside)

    # Alone.
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(is_inside)
    passkey.refresh_from_db()
    assert passkey.last_used_at

    # Removed, with the passkey itself in place of the password.
    page.goto("/accounts/2fa/")
    expect(page.get_by_text("last used")).to_be_visible()
    page.get_by_role("link", name="Remove My laptop").click()
    page.get_by_role("link", name="passkey").click()
    page.get_by_role("button", name="Confirm with a passkey").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkey.")).to_be_visible()

    assert not Authenticator.objects.filter(user=admin).exists()
    changes = AuditEvent.objects.filter(action="staff.second_step").order_by("pk")
    assert [(each.detail["kind"], each.detail["change"]) for each in changes] == [
        ("webauthn", "added"),
        ("recovery_codes", "added"),
        ("webauthn", "removed"),
        ("recovery_codes", "removed"),
    ]
    mails = StaffMail.objects.order_by("pk").values_list("kind", "email")
    assert list(mails) == [("webauthn_added", admin.email), ("webauthn_removed", admin.email)]
    assert said == []
