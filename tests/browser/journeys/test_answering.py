"""Two journeys of a customer: an answer on a phone, and no more surveys."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.person import PHONE, Person
from tests.browser.journeys.world import ADMIN, CS, answer_link, asked, opt_out_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "ja": "画面が見やすくなり、助かっています。",
    "en": "The new screens save us an hour a day.",
}


def test_a_customer_answers_on_a_phone(person: Callable[..., Person], language: str) -> None:
    invitation = asked(language)
    customer = person()
    customer.on(PHONE)
    page = customer.open(answer_link(invitation) + "?score=9")
    scale = page.get_by_role("group").first

    expect(scale.get_by_role("radio", name="9", exact=True)).to_be_checked()
    page.get_by_role("textbox").first.fill(WORDS[language])
    customer.picture("answer-phone")
    page.get_by_role("button", name=re.compile("9")).click()
    page.wait_for_url("**/thanks/**")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    staff = person(CS)
    staff.go("Responses")
    staff.sees(WORDS[language])


def test_a_customer_stops_the_surveys(person: Callable[..., Person], language: str) -> None:
    invitation = asked(language)
    customer = person()
    customer.on(PHONE)
    customer.open(opt_out_link(invitation))
    customer.press("Stop the surveys")
    customer.reads("You will not receive any more surveys")

    admin = person(ADMIN)
    admin.open("/settings/suppression/?q=" + invitation.respondent.email)
    admin.reads("Opted out")
    admin.sees(invitation.respondent.name)
