"""Journeys of a CS member's day: the log-in, a detractor, a health score, a call."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import StaffUser
from actions.models import FollowUp
from actions.services.deliveries.sending import deliver_lane, due_lanes
from analytics.models import HealthScore
from tests.browser.journeys.person import PHONE, Person
from tests.browser.journeys.world import CS, answer_link, asked, close_it

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLOW = {
    "ja": "最近とても遅く、会議に間に合いません。",
    "en": "It has become too slow for our meetings.",
}
DONE = {
    "ja": "原因を調べて修正し、電話でご報告しました。",
    "en": "Found the cause and told them by phone.",
}
CALL = {"ja": "更新の条件を確認しました。", "en": "Went through the terms of the renewal."}


def test_the_first_log_in_leads_home(person: Callable[..., Person], language: str) -> None:
    cs = person()
    page = cs.open("/customers/")
    assert "/accounts/login/" in page.url, "nobody gets in without"

    cs.log_in(CS, "not the password")
    cs.reads("The email address and/or password you specified are not correct.")
    cs.log_in(CS)
    cs.reads("Customers")
    cs.go("Home")
    cs.sees("Chika Sawada", within="body")
    cs.reads("Since yesterday")
    cs.picture("home", dark=language == "en")
    page.locator(".user-menu summary").click()
    cs.press("Log out", within=".user-menu")
    cs.open("/customers/")
    assert "/accounts/login/" in page.url


def deliver_alerts() -> None:
    """As the ticks of the next minute do."""
    later = timezone.now() + dt.timedelta(minutes=1)
    for lane in due_lanes(now=later):
        deliver_lane(lane, clock=lambda: later)


def test_a_detractor_is_followed_up_from_the_alert_to_the_end(
    person: Callable[..., Person], language: str
) -> None:
    StaffUser.objects.filter(email=CS).update(language=language)
    invitation = asked(language)
    customer = person()
    page = customer.open(answer_link(invitation) + "?score=3")
    page.get_by_role("textbox").first.fill(SLOW[language])
    page.get_by_role("button", name=re.compile("3")).click()
    page.wait_for_url("**/thanks/**")
    mail.outbox.clear()
    deliver_alerts()

    [alert] = mail.outbox
    assert alert.to == [CS]
    assert SLOW[language] in alert.body
    [link] = re.findall(r"/follow-ups/link/\S+", alert.body)
    cs = person()
    cs.open(link)
    cs.sees(SLOW[language])
    cs.press("I take care of it")
    cs.reads("In progress", "follow-up")
    cs.follow("Everything else, after log-in")
    page = cs.log_in(CS)
    cs.sees(SLOW[language])
    cs.picture("follow-up")
    close_it(cs, DONE[language])

    cs.reads("Closed", "follow-up")
    cs.sees(DONE[language])
    cs.go("Follow-ups")
    cs.follow("Closed", "follow-up")
    cs.sees(str(invitation.respondent.customer))
    assert FollowUp.objects.filter(respondent=invitation.respondent, state="closed").exists()


def test_a_health_score_says_why_it_moved(person: Callable[..., Person]) -> None:
    last = HealthScore.objects.order_by("-day").values_list("day", flat=True)[0]
    worst = HealthScore.objects.filter(day=last, score__isnull=False).order_by("score")[0]
    cs = person(CS)
    cs.go("Analytics")
    cs.follow("Health")
    cs.open(cs.page.url.partition("?")[0] + "?mine=")
    cs.page.get_by_role("link", name=str(worst.customer), exact=True).click()
    cs.reads("Why it moved")
    cs.sees(cs.say("Against %(days)s days ago") % {"days": 28})
    cs.picture("health-customer")

    moved = cs.page.get_by_role("listitem").filter(has_text=re.compile(r"→.*[+−]\d"))
    expect(moved.first).to_be_visible()
    cs.follow("Customer")
    cs.reads("What changed in the last 90 days")


def test_a_customer_is_found_and_a_call_is_written_down(
    person: Callable[..., Person], language: str
) -> None:
    customer = asked(language).respondent.customer
    cs = person(CS)
    cs.page.keyboard.press("/")
    box = cs.page.get_by_role("searchbox")
    box.fill(customer.customer_id)
    box.press("Enter")
    cs.page.get_by_role("main").get_by_role("link").filter(has_text=customer.name).first.click()
    cs.settle()
    cs.unfold("More")
    cs.follow("Write down a contact")
    cs.type("What it was about", CALL[language])
    cs.press("Save")

    cs.sees(CALL[language], within="#timeline")
    cs.reads("Call", "channel", within="#timeline")
    cs.on(PHONE)
    cs.picture("customer-phone")
