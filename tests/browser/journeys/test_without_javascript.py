"""Everything works without JavaScript first: the main jobs in a browser that has none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from surveys.models import Response
from tests.browser.journeys.person import Person
from tests.browser.journeys.world import (
    CS,
    answer_link,
    asked,
    bring_in_all,
    close_it,
    opt_out_link,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["ja"])
def test_the_main_jobs_are_done_without_javascript(
    person: Callable[..., Person], language: str, tmp_path: Path
) -> None:
    invitation = asked(language)
    customer = person(scripts=False)
    page = customer.open(answer_link(invitation) + "?score=2")
    page.get_by_role("textbox").first.fill("遅い")
    page.get_by_role("button", name=re.compile("2")).click()
    page.wait_for_url("**/thanks/**")
    customer.open(opt_out_link(invitation))
    customer.press("Stop the surveys")
    customer.reads("You will not receive any more surveys")

    cs = person(CS, scripts=False)
    bring_in_all(cs, tmp_path)
    cs.go("Campaigns")
    cs.follow("New campaign")
    cs.type("name", "Northwind 2027")
    cs.press("Save the draft")
    cs.press("Launch")
    cs.reads("Running")
    cs.press("Pause")
    cs.reads("Paused")

    cs.go("Follow-ups")
    cs.type("Search", str(invitation.respondent.customer))
    cs.press("Apply")
    cs.follow(str(invitation.respondent.customer))
    cs.sees("遅い")
    cs.press("Start")
    cs.reads("In progress", "follow-up")
    close_it(cs, "直しました")
    cs.reads("Closed", "follow-up")
    cs.open(f"/responses/{Response.objects.get(invitation=invitation).pk}/")
    expect(cs.page.get_by_role("heading", level=1)).to_be_visible()
