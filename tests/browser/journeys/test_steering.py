"""Journeys of those who set things up and read the figures."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from surveys.models import Campaign, Invitation
from surveys.services.campaigns.plan import plan_due
from tests.browser.journeys.person import Person
from tests.browser.journeys.world import ADMIN, CS, bring_in_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long walk by the river"
REVIEW = {
    "ja": "問い合わせの急増が原因です。来週から担当を増やします。",
    "en": "A wave of tickets; one more person from next week on.",
}


def test_files_come_in_and_the_first_campaign_starts(
    person: Callable[..., Person], tmp_path: Path
) -> None:
    cs = person(CS)
    bring_in_all(cs, tmp_path)
    cs.picture("import")
    cs.go("Campaigns")
    cs.follow("New campaign")
    cs.type("name", "Northwind 2027")
    cs.press("Next: What")
    cs.type("product name", "Northwind")
    cs.picture("campaign-editor")
    cs.press("Save the draft")
    cs.reads("Draft")
    cs.picture("campaign")
    cs.press("Launch")
    cs.press("Launch", within="dialog")

    cs.reads("Running")
    campaign = Campaign.objects.get(name="Northwind 2027")
    plan_due(now=timezone.now())
    planned = Invitation.objects.filter(campaign=campaign).count()
    assert (
        Invitation.objects.filter(campaign=campaign, respondent__customer__name="Northwind").count()
        == 2
    )
    cs.open(cs.page.url)
    cs.sees(str(planned))


def test_a_report_is_the_same_in_its_file(person: Callable[..., Person], tmp_path: Path) -> None:
    reader = person(ADMIN)
    reader.go("Analytics")
    reader.follow("Segments")
    reader.picture("segments")
    reader.choose("Split by", reader.say("Language"))
    reader.press("Apply")
    table = reader.page.get_by_role("table").first
    row = table.get_by_role("row", name=re.compile("^" + reader.say("Japanese")))
    expect(row).to_be_visible()
    shown = row.get_by_role("cell").all_inner_texts()
    reader.unfold("Download")
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="CSV").first.click()
    path = tmp_path / "segments.csv"
    download.value.save_as(path)

    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    [japanese] = [each for each in rows if each["language"] == "ja"]
    assert any(japanese["responses"] in cell for cell in shown), (japanese, shown)


def test_a_goal_is_set_and_reviewed(person: Callable[..., Person], language: str) -> None:
    admin = person(ADMIN)
    admin.go("Goals")
    admin.follow("Set a goal")
    admin.type("Name", "NPS 2027", "goal")
    admin.choose("Metric", "NPS")
    admin.type("Start value", "5")
    admin.type("Target", "25", "goal")
    admin.press("Save")
    admin.sees("NPS 2027")
    admin.type("Text", REVIEW[language], "goal")
    admin.press("Write it down")

    admin.sees(REVIEW[language])
    admin.picture("goal")
    admin.go("Goals")
    admin.sees("NPS 2027")


def test_a_playbook_and_an_alert_are_tried_and_switched_on(person: Callable[..., Person]) -> None:
    admin = person(ADMIN)
    admin.open("/playbooks/")
    admin.follow("New playbook")
    admin.page.get_by_role("button").filter(has_text=admin.say("Use this template")).first.click()
    admin.settle()
    admin.press("Try it on the last 12 months")
    expect(admin.page.get_by_role("status").filter(has_text="12")).to_be_visible()
    admin.picture("playbook")
    admin.press("Switch on")
    expect(admin.page.get_by_role("button", name=admin.say("Switch off"))).to_be_visible()

    admin.open("/settings/alerts/")
    admin.follow("New rule")
    admin.type("Name", "Promoters", "rule")
    admin.tick("Promoters (9, 10)")
    admin.tick("Chika Sawada")
    admin.press("Try it on the last 12 months")
    admin.picture("alert")
    admin.press("Save")
    admin.sees("Promoters")


def test_a_viewer_is_invited_and_sees_no_addresses(person: Callable[..., Person]) -> None:
    admin = person(ADMIN)
    admin.go("Settings")
    admin.open("/settings/staff/")
    admin.follow("New staff user")
    admin.type("E-mail", "board@koe.example")
    admin.tick("Viewer")
    mail.outbox.clear()
    admin.press("Create account")
    admin.sees("board@koe.example")

    link = re.findall(r"http\S+", mail.outbox[0].body)[0]
    board = person()
    page = board.open("/" + link.split("/", 3)[3])
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    board.press("Save the password")
    board.sees("board@koe.example", within="body")
    for name in ("Responses", "Analytics"):
        board.go(name)
        expect(page.get_by_role("main")).not_to_contain_text("@")
    navigation = page.get_by_role("navigation", name=board.say("Main")).first
    for closed in ("Imports", "Settings"):
        expect(navigation).not_to_contain_text(board.say(closed))
