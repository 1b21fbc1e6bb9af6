from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.answers.ripeness import read_sent
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

    assert found.customers.tolist() == [customer.pk] * 5
    rows = sorted(zip(found.delays.tolist(), found.known_days.tolist(), strict=True))
    never = float("inf")
    assert rows == [(0, 0), (0, 19), (1, 19), (never, 0), (never, 10)]
    assert (
        read_sent(
            Filters(Period(dt.date(2020, 1, 1), dt.date(2020, 2, 1))), today=TODAY
        ).delays.size
        == 0
    )


def test_of_very_many_whole_customers_are_followed() -> None:
    """One in three, with all its e-mails; a respondent without a customer is one."""
    campaign = world.make_campaign()
    customers = [world.make_customer() for _ in range(9)]
    for customer in customers:
        for _ in range(2):
            world.ask(world.make_respondent(customer), campaign)
    alone = [world.make_respondent() for _ in range(3)]
    for respondent in alone:
        world.ask(respondent, campaign)

    found = read_sent(Filters(APRIL), today=TODAY, every=3)

    chosen = [each.pk for each in customers if each.pk % 3 == 0]
    lonely = [each.pk for each in alone if each.pk % 3 == 0]
    assert sorted(found.customers.tolist()) == [0] * len(lonely) + sorted([*chosen, *chosen])
    assert (len(chosen), len(lonely)) == (3, 1)
    assert len(read_sent(Filters(APRIL), today=TODAY).delays) == 21
