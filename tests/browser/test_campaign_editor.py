"""The campaign editor in a real Chromium: typing shows the mail and saves nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Dimension
from tests.browser.signed_in import signed_in
from tests.staffing import client_as
from tests.world import make_customer, make_respondent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONGER_THAN_THE_PREVIEW_WAITS = 1000


@pytest.fixture
def editor(browser: Browser, live_server) -> Iterator[tuple[Page, list[str]]]:
    """The page of a new campaign, and the errors of its scripts."""
    context = signed_in(browser, live_server.url, client_as("cs"), locale="en")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{live_server.url}/campaigns/new/")
    yield page, errors
    context.close()


def go_to(page: Page, step: str) -> None:
    page.locator(f".editor-steps [value={step}]").click()


def test_typing_shows_the_mail_and_saves_nothing(editor: tuple[Page, list[str]]) -> None:
    page, errors = editor

    page.fill("[name=name]", "Autumn")
    page.get_by_role("button", name="Next: What").click()
    expect(page.locator("#step-what-title")).to_be_focused()
    expect(page.locator("[name=name]")).to_be_hidden()
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value("Autumn")
    go_to(page, "what")
    page.fill("[name=product_name]", "Koe Works")
    page.click("summary:has-text('Further questions')")
    page.click("summary:has-text('Question 1')")
    page.select_option("[name=question-1-kind]", "text")
    page.fill("[name=question-1-label_en]", "What is hardest?")
    page.wait_for_timeout(LONGER_THAN_THE_PREVIEW_WAITS)

    expect(page.frame_locator("[name=mail-ja]").locator("body")).to_contain_text("Koe Works")
    address = page.url.split("#")[0]
    assert address.endswith("/campaigns/new/")
    # Whoever leaves what they typed is asked, and goes.
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address.replace("new/", ""))
    assert asked == ["beforeunload"]
    expect(page.get_by_text("Autumn")).to_have_count(0)
    assert errors == []


def test_an_unknown_placeholder_is_told_at_its_field_until_it_is_fixed(
    editor: tuple[Page, list[str]],
) -> None:
    page, errors = editor
    page.set_viewport_size({"width": 1280, "height": 800})
    go_to(page, "what")
    page.click("details[open] summary:has-text('More texts')")
    field = page.locator("[name=ja-sign_off]")
    note = page.locator("#id_ja-sign_off_fault")

    field.fill("{nmae} より")
    expect(note).to_contain_text("There is no placeholder {nmae}.")
    expect(note).to_have_attribute("role", "status")
    expect(field).to_have_attribute("aria-invalid", "true")
    # While it is typed the mail is in view.
    expect(page.locator("[name=mail-ja]")).to_be_in_viewport(ratio=0.9)

    field.fill("{organisation} より")
    expect(note).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert errors == []


def test_a_fault_that_came_with_the_page_goes_when_it_is_fixed(
    editor: tuple[Page, list[str]],
) -> None:
    page, _ = editor
    go_to(page, "what")
    page.fill("[name=ja-subject]", "{nmae}")
    page.click(".sticky-actions [data-save]")
    page.wait_for_selector(".alert-danger")
    told = page.locator("#div_id_ja-subject").get_by_text("There is no placeholder")
    expect(told).to_have_count(1)

    page.get_by_role("link", name="Japanese: Subject").click()
    expect(page.locator("[name=ja-subject]")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("件名")
    expect(told).to_have_count(0)
    expect(page.locator("[name=ja-subject]")).not_to_have_class("is-invalid")


def test_above_the_mail_stands_what_a_list_of_mails_shows(editor: tuple[Page, list[str]]) -> None:
    page, _ = editor
    go_to(page, "what")
    page.click("summary:has-text('Sender for all')")
    page.click("summary:has-text('English')")
    head = page.locator("[data-mail-head]").nth(1)
    page.fill("[name=en-subject]", "A word, {name}?")
    page.click("details[open] summary:has-text('More texts')")
    page.fill("[name=en-preheader]", "One minute")
    page.fill("[name=sender_name]", "Koe Works")

    expect(head).to_contain_text("A word, Alex Smith?")
    expect(head).to_contain_text("One minute")
    expect(head).to_contain_text("Koe Works")


def test_the_width_of_the_preview_shows_which_is_chosen(editor: tuple[Page, list[str]]) -> None:
    page, _ = editor
    go_to(page, "what")
    phone = page.get_by_role("button", name="Phone").first
    desktop = page.get_by_role("button", name="Desktop").first
    expect(phone).to_have_attribute("aria-pressed", "true")

    desktop.click()

    expect(phone).to_have_attribute("aria-pressed", "false")
    expect(desktop).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[name=mail-ja]")).to_have_class("mail-frame desktop")


def test_the_dialog_before_a_launch_to_nobody_leads_to_the_reasons(
    editor: tuple[Page, list[str]],
) -> None:
    page, errors = editor
    page.fill("[name=name]", "Autumn")
    page.click(".sticky-actions [data-save]")
    page.wait_for_url("**/campaigns/autumn/")
    dialog = page.locator("#confirm-dialog")

    page.get_by_role("button", name="Launch anyway").click()
    expect(dialog).to_contain_text("Launching now would send no e-mails")
    dialog.get_by_role("link", name="See the reasons").click()
    expect(dialog).not_to_be_visible()
    assert page.url.endswith("/campaigns/autumn/#who")
    page.locator("summary", has_text="More").click()
    page.get_by_role("button", name="Delete the draft").click()
    expect(dialog.get_by_role("link")).to_have_count(0)

    page.reload()
    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    assert errors == []


def test_the_bar_counts_who_is_asked_and_a_line_says_what_is_chosen(
    browser: Browser, live_server
) -> None:
    Dimension.objects.create(name="contract", attribute="contract", source="customer")
    for contract in ("enterprise", "starter"):
        make_respondent(customer=make_customer(attributes={"contract": contract}))
    context = signed_in(browser, live_server.url, client_as("cs"), locale="en")
    page = context.new_page()
    page.goto(f"{live_server.url}/campaigns/new/")
    bar = page.locator("#draft-count")

    expect(bar).to_contain_text("2 of 2 in the audience will be asked.")
    page.click("summary:has-text('Not everybody')")
    page.locator(".choice > summary").click()
    page.get_by_label("starter").check()

    expect(page.locator(".choice > summary")).to_contain_text("starter")
    expect(bar).to_contain_text("1 of 1 in the audience will be asked.")
    context.close()
