"""Whoever leaves a page with words that are not saved is asked first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.actions.following import OWNER, answered
from tests.browser.signed_in import signed_in
from tests.staffing import logged_in, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, live_server, asked: list[str]) -> Iterator[Page]:
    """On the page of a follow-up; every question whether to leave is noted, and affirmed."""
    client = logged_in(make_staff("cs", OWNER))
    response = answered(3, comment="It is too slow.")
    context = signed_in(browser, live_server.url, client, locale="en")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    opened.goto(f"{live_server.url}/follow-ups/{response.case.follow_up_id}/")
    yield opened
    context.close()


def test_a_comment_that_is_not_saved_is_not_lost_by_another_button(
    page: Page, asked: list[str]
) -> None:
    page.get_by_role("button", name="Start").click()
    assert asked == []

    page.get_by_label("Comment").first.fill("Called, nobody there")
    page.get_by_role("link", name="Follow-ups").first.click()
    expect(page).to_have_url(re.compile("/follow-ups/$"))
    assert asked == ["beforeunload"]


def test_saving_asks_nothing(page: Page, asked: list[str]) -> None:
    page.get_by_label("Comment").first.fill("Called, nobody there")
    page.get_by_role("button", name="Add a comment").click()
    expect(page.locator("#story")).to_contain_text("Called, nobody there")

    page.reload()
    assert asked == []


def test_what_came_back_with_an_error_is_not_saved_yet(page: Page, asked: list[str]) -> None:
    page.get_by_role("link", name="Write to the customer").click()
    page.get_by_label("Subject").fill("")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".is-invalid")).to_have_count(1)

    page.get_by_role("link", name="Go back").click()
    assert asked == ["beforeunload"]
