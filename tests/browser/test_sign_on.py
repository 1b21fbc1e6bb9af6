"""The organisation's sign-on in a browser, which holds our policy against every step of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, expect

from tests.servers.oidc import CLIENT_ID, SECRET, Provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(live_server: Any, settings: Any) -> Iterator[Provider]:
    cache.clear()
    settings.SITE_URL = live_server.url
    with Provider() as made:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = made.issuer, CLIENT_ID
        settings.OIDC_CLIENT_SECRET, settings.SIGN_ON_ROLES = SECRET, "example.com:cs"
        settings.SIGN_ON_NAME = "Example"
        yield made


def opened(browser: Browser, url: str, **more: Any) -> BrowserContext:
    context = browser.new_context(locale="en", base_url=url, **more)
    context.set_default_timeout(20_000)
    return context


@pytest.mark.parametrize("scripts", [True, False])
def test_it_leads_there_and_back_to_the_page_that_was_asked_for(
    browser: Browser, live_server: Any, provider: Provider, scripts: bool
) -> None:
    context = opened(browser, live_server.url, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/imports/")

    page.get_by_role("button", name="Log in with Example").click()

    expect(page.get_by_role("heading", name="Imports")).to_be_visible()
    context.close()


def test_who_is_refused_reads_why_and_goes_back(
    browser: Browser, live_server: Any, provider: Provider
) -> None:
    provider.person["email"] = "aya@other.example"
    context = opened(browser, live_server.url, viewport={"width": 375, "height": 700})
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with Example").click()

    expect(page.get_by_role("alert")).to_contain_text("not among those")
    page.get_by_role("link", name="Back to the log-in").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    context.close()
