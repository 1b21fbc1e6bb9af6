"""How far the data tells."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Measure
from analytics.queries.customers.outcomes import last_known_day
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = dt.date(2026, 11, 22)


def test_the_data_tells_as_far_as_its_latest_row_and_never_past_today() -> None:
    assert last_known_day(today=TODAY) == TODAY
    world.make_customer(started_on=dt.date(2026, 1, 5))
    assert last_known_day(today=TODAY) == dt.date(2026, 1, 5)
    world.make_customer(churned_on=dt.date(2026, 2, 5))
    assert last_known_day(today=TODAY) == dt.date(2026, 2, 5)
    customer = world.make_customer(mrr={"2026-03": 1})
    assert last_known_day(today=TODAY) == dt.date(2026, 3, 31)
    world.give_scores(customer, world.make_campaign(), 9)
    assert last_known_day(today=TODAY) == dt.date(2026, 4, 11)
    Measure.objects.create(key="logins", last_day=dt.date(2026, 5, 20))
    assert last_known_day(today=TODAY) == dt.date(2026, 5, 20)
    world.make_customer(churned_on=dt.date(2027, 1, 1))
    assert last_known_day(today=TODAY) == TODAY
