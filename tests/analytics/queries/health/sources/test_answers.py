"""Answers as series: those of a respondent who moved, and those that came late."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analytics.domain.health.formulas.formula import Measure
from analytics.domain.health.formulas.sources import Source, SourceKind
from analytics.queries.database.columns import number_of_day
from analytics.queries.health.sources import answers
from analytics.queries.health.sources.places import Customers
from tests.analytics import world
from tests.analytics.health import answered

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = number_of_day(dt.date(2026, 5, 1))


def places_of(*pks: int) -> Customers:
    return Customers(np.array(sorted(pks)), DAY, DAY, 0)


def test_two_answers_of_one_day_are_in_the_order_of_their_moments() -> None:
    customer = world.make_customer()
    campaign = world.make_campaign()
    for hour, score in (("09", 3), ("05", 8)):
        asked = world.ask(world.make_respondent(customer), campaign, sent="2026-04-01T01:00+00:00")
        world.answer(asked, score, at=f"2026-04-02T{hour}:00+00:00")
    source = Source(SourceKind.NPS_LAST)

    found = answers.nps_last(source, places_of(customer.pk))

    assert found.on(DAY, Measure("m", "g", source, 1.0)).tolist() == [3]


def test_only_what_was_asked_and_answered_by_the_day_counts() -> None:
    customer = world.make_customer()
    answered(customer, 9, day="2026-04-20")
    world.ask(world.make_respondent(customer), world.make_campaign(), sent="2026-04-21T01:00+00:00")
    answered(customer, 9, day="2026-05-02")
    source = Source(SourceKind.RESPONSE_RATE)

    found = answers.response_rate(source, places_of(customer.pk))

    assert found.on(DAY, Measure("m", "g", source, 1.0)).tolist() == [0.5]
