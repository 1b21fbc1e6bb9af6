"""The campaign editor in a real Chromium: typing shows the mail and saves nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from tests.staffing import logged_in, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LONGER_THAN_THE_PREVIEW_WAITS = 1000


@pytest.fixture
def editor(chromium: str, live_server) -> Iterator[tuple[Page, list[str]]]:
    """The page of a new campaign, and the errors of its scripts."""
    client: Client = logged_in(make_staff("cs"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(locale="en")
        page.context.add_cookies(
            [
                {"name": name, "value": each.value, "url": live_server.url}
                for name, each in client.cookies.items()
            ]
        )
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{live_server.url}/campaigns/new/")
        yield page, errors
        browser.close()


def test_typing_shows_the_mail_and_saves_nothing(editor: tuple[Page, list[str]]) -> None:
    page, errors = editor

    page.fill("[name=name]", "Autumn")
    page.fill("[name=product_name]", "Koe Works")
    page.click("summary:has-text('Question 1')")
    page.select_option("[name=question-1-kind]", "text")
    page.fill("[name=question-1-label_en]", "What is hardest?")
    page.wait_for_timeout(LONGER_THAN_THE_PREVIEW_WAITS)

    expect(page.frame_locator("[name=mail-ja]").locator("body")).to_contain_text("Koe Works")
    assert page.url.endswith("/campaigns/new/")
    page.goto(page.url.replace("new/", ""))
    expect(page.get_by_text("Autumn")).to_have_count(0)
    assert errors == []
