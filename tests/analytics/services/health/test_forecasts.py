from __future__ import annotations

import datetime as dt

import pytest

from analytics.models import HealthForecast
from analytics.queries.health.forecasts import graded_forecasts
from analytics.services.health.forecasts import HORIZON_DAYS, is_due, write_forecasts
from tests.analytics.health import DAY, make_scored, publish, tick

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ONE = dt.timedelta(days=1)


def test_what_was_said_is_graded_after_the_horizon() -> None:
    publish()
    for place in range(4):
        make_scored(0, churned_on=DAY + (90 + place) * ONE if place < 2 else None)
    make_scored(10)
    tick()

    assert (is_due(DAY), write_forecasts(DAY, rates={"risk": 0.3})) == (True, 2)

    before, after = (
        {each.band: each for each in graded_forecasts(until=DAY + days * ONE)}
        for days in (HORIZON_DAYS - 1, HORIZON_DAYS)
    )
    assert before["risk"].left is None
    # Of the two that leave one does so a day too late.
    assert (after["risk"].customers, after["risk"].left) == (4, 1)
    assert after["risk"].expected == pytest.approx(1.2)
    assert (after["good"].expected, after["good"].left) == (None, 0)


def test_a_forecast_is_made_every_four_weeks_and_never_changed() -> None:
    publish()
    make_scored(0)
    tick()
    write_forecasts(DAY, rates={"risk": 0.3})
    write_forecasts(DAY, rates={"risk": 0.9})

    assert [is_due(DAY + days * ONE) for days in (0, 27, 28)] == [False, False, True]
    assert HealthForecast.objects.get().expected == pytest.approx(0.3)


def test_what_was_worked_out_later_is_no_forecast() -> None:
    publish()
    make_scored(0)
    tick(today=DAY + 30 * ONE)

    assert write_forecasts(DAY, rates={"risk": 0.3}) == 0
