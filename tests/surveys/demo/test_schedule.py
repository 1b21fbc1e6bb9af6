from __future__ import annotations

import datetime as dt

import pytest

from surveys.demo import world
from surveys.demo.schedule import working_hour
from surveys.demo.shape import Sizes
from surveys.domain import frequency
from surveys.domain.states import CampaignState
from tests.surveys.demo.made import NOW, USUAL, World, asked_of, contacts_of


def test_mails_leave_in_office_hours_of_the_respondent(usual: World) -> None:
    from zoneinfo import ZoneInfo

    local = [
        asked.send_at.astimezone(ZoneInfo(contact.time_zone))
        for contact in contacts_of(usual)
        for asked in contact.asked
        if asked.reason != "imported"
    ]

    assert {moment.hour for moment in local} == set(range(9, 17))
    assert {moment.weekday() for moment in local} == {0, 1, 2, 3, 4}


def test_campaigns_begin_before_their_mails_leave(usual: World) -> None:
    early = [
        asked
        for asked in asked_of(usual)
        if asked.reason != "imported" and asked.send_at < asked.campaign.starts_at
    ]

    assert early == []


def test_running_campaign_rests_where_mail_would_leave_the_machine() -> None:
    inside = world.campaigns(USUAL, now=NOW, in_local_inbox=True)
    outside = world.campaigns(USUAL, now=NOW, in_local_inbox=False)

    states = [plan.state for plan in inside.every]
    assert states.count(CampaignState.RUNNING) == 1
    assert CampaignState.RUNNING not in [plan.state for plan in outside.every]
    assert outside.running.state is CampaignState.PAUSED


def test_a_newcomers_first_campaign_finds_people_to_ask(usual: World) -> None:
    """By the editor's own rules: not asked for 30 days, and a slot free."""
    lately = NOW - dt.timedelta(days=30)
    free = [
        contact
        for company, contacts in usual
        for contact in contacts
        if company.churned_on is None and contact.suppressed is None
        if all(asked.send_at < lately for asked in contact.asked)
        if frequency.next_possible(contact.slots, now=NOW, limit=2) == NOW
    ]

    assert len(free) > 20


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2026-11-20T10:00", "UTC", "2026-11-20T09:00"),
        ("2026-11-21T10:00", "UTC", "2026-11-23T09:00"),
        # Saturday there already.
        ("2026-11-20T20:00", "Asia/Tokyo", "2026-11-23T00:00"),
        # Nine o'clock before and after the clocks change in the night to Sunday.
        ("2026-10-30T10:00", "America/New_York", "2026-10-30T13:00"),
        ("2026-10-31T10:00", "America/New_York", "2026-11-02T14:00"),
    ],
)
def test_working_hour_is_of_the_same_or_the_next_working_day(day, zone, expected) -> None:
    moment = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)

    found = working_hour(moment, zone=zone)

    assert found == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)


def test_slugs_differ_in_a_short_world_too() -> None:
    plans = world.campaigns(Sizes(months=6), now=NOW, in_local_inbox=True)

    slugs = [plan.slug for plan in plans.every]
    assert len(set(slugs)) == len(slugs)
