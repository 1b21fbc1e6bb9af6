"""Filters that apply at once: what stands outside the list follows them, too."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.models import Response
from tests.browser.signed_in import signed_in
from tests.staffing import client_as
from tests.world import NOW, make_invitation, make_respondent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def responses() -> None:
    for score in (2, 5, 9):
        invitation = make_invitation(make_respondent(), state="sent", sent_at=NOW)
        Response.objects.create(invitation=invitation, score=score, answered_at=NOW, changed_at=NOW)


@pytest.fixture
def page(browser: Browser, live_server, responses) -> Iterator[Page]:
    """A window in which somebody of customer success has logged in."""
    context = signed_in(browser, live_server.url, client_as("cs"), locale="en")
    yield context.new_page()
    context.close()


def test_a_file_holds_what_a_live_filter_shows(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/responses/")
    page.get_by_label("Category").select_option("detractor")
    expect(page.locator(".response-row")).to_have_count(2)

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig") as file:
        assert sorted(row["Score"] for row in csv.DictReader(file)) == ["2", "5"]

    page.get_by_role("link", name="Clear").click()
    expect(page.locator(".response-row")).to_have_count(3)
    expect(page).to_have_url(f"{live_server.url}/responses/")


def test_the_language_switch_keeps_a_live_filter(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/responses/")
    page.get_by_label("Category").select_option("promoter")
    expect(page.locator(".response-row")).to_have_count(1)

    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="日本語").click()

    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator(".response-row")).to_have_count(1)


def test_a_live_filter_in_error_says_so_at_its_field_until_it_is_fixed(
    page: Page, live_server
) -> None:
    error = page.get_by_text("This is before “From”. Choose a later day.")
    page.goto(f"{live_server.url}/responses/?from_=2026-11-20")

    page.get_by_label("To", exact=True).fill("2026-11-01")
    expect(error).to_be_visible()
    page.get_by_label("To", exact=True).fill("2026-11-30")
    expect(error).to_have_count(0)


def test_on_a_phone_filters_are_a_sheet_behind_one_button_that_counts_them(
    page: Page, live_server
) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{live_server.url}/responses/")
    category, button = page.get_by_label("Category"), page.get_by_role("button", name="Filter")
    expect(page.get_by_label("Search", exact=True)).to_be_visible()
    expect(category).to_be_hidden()

    button.press("Enter")
    category.select_option("detractor")
    expect(page.locator(".response-row")).to_have_count(2)
    expect(category).to_be_visible()
    page.keyboard.press("Escape")
    expect(category).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_text("Filter(1)")

    button.click()
    page.get_by_role("button", name="Apply").click()
    expect(category).to_be_hidden()


def test_on_a_phone_without_scripts_the_sheet_opens_and_filters_too(
    browser: Browser, live_server, responses
) -> None:
    client, size = client_as("cs"), {"width": 375, "height": 800}
    context = signed_in(
        browser, live_server.url, client, locale="en", viewport=size, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/responses/")

    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Category").select_option("detractor")
    page.get_by_role("button", name="Apply").click()

    expect(page.locator(".response-row")).to_have_count(2)
    expect(page.get_by_role("button", name="Filter")).to_have_text("Filter(1)")
    context.close()


def test_on_a_phone_no_figure_of_a_report_is_hidden(page: Page, live_server) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{live_server.url}/follow-ups/effect/")

    table = page.locator("table", has_text="How fast")
    expect(table.locator("td").first).to_have_attribute("data-label", "Median hours")
    for cell in table.locator("tbody td").all():
        expect(cell).to_be_visible()
