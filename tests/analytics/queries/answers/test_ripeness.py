from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.answers.ripeness import count_unripe, read_sent
from analytics.queries.filters import Filters
from surveys.models import Response
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = dt.date(2026, 4, 30)
APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))


def test_the_time_to_the_answer_is_counted_in_whole_days_of_each_mail() -> None:
    campaign, customer = world.make_campaign(), world.make_customer()
    for sent, answered in (
        ("2026-04-10T22:00", "2026-04-11T21:59"),
        ("2026-04-10T22:00", "2026-04-11T22:00"),
        ("2026-04-29T23:00", None),
        ("2026-04-30T01:00", "2026-04-30T02:00"),
        ("2026-03-31T12:00", "2026-04-02T12:00"),
    ):
        mail = world.ask(world.make_respondent(customer), campaign, sent=f"{sent}+00:00")
        if answered:
            world.answer(mail, 9, at=f"{answered}+00:00")
    suspect = world.ask(world.make_respondent(customer), campaign, sent="2026-04-20T00:00+00:00")
    world.answer(suspect, 9, at="2026-04-21T00:00+00:00")
    Response.objects.filter(invitation=suspect).update(suspect=True)
    world.ask(world.make_respondent(customer), campaign, state="failed")

    found = read_sent(Filters(APRIL), today=TODAY)

    rows = sorted(zip(found.delays.tolist(), found.known_days.tolist(), strict=True))
    never = float("inf")
    assert rows == [(0, 0), (0, 19), (1, 19), (never, 0), (never, 10)]
    assert (
        read_sent(
            Filters(Period(dt.date(2020, 1, 1), dt.date(2020, 2, 1))), today=TODAY
        ).delays.size
        == 0
    )


def test_unripe_mails_are_counted_by_the_filters() -> None:
    campaign, other = world.make_campaign(slug="spring"), world.make_campaign(slug="other")
    customer = world.make_customer()
    for day, of, language in (
        ("03-31", campaign, "ja"), ("04-01", campaign, "ja"), ("04-30", campaign, "en"),
        ("04-10", other, "ja"), ("05-01", campaign, "ja"),
    ):  # fmt: skip
        respondent = world.make_respondent(customer, language=language)
        world.ask(respondent, of, sent=f"2026-{day}T12:00+00:00")
    imported = world.make_campaign(state="imported")
    world.ask(world.make_respondent(customer), imported, sent="2026-04-29T12:00+00:00")
    year = Period(dt.date(2025, 6, 1), dt.date(2026, 6, 1))

    assert count_unripe(Filters(year), today=TODAY) == 3
    assert count_unripe(Filters(year, campaign="spring"), today=TODAY) == 2
    assert count_unripe(Filters(year, language="en"), today=TODAY) == 1
    assert count_unripe(Filters(year), today=dt.date(2026, 9, 1)) == 0
    mine = world.make_customer(owner_email="cs@example.com")
    world.ask(world.make_respondent(mine), campaign, sent="2026-04-10T12:00+00:00")
    assert count_unripe(Filters(year, owner="CS@example.com"), today=TODAY) == 1
