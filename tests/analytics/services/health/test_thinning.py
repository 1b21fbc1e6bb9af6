from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from accounts.models import Customer
from analytics import tasks
from analytics.domain.periods import Period
from analytics.models import HealthScore
from analytics.queries.health.forecasts import graded_forecasts
from analytics.reports.health.evidence import evidence_report
from analytics.services.health.forecasts import write_forecasts
from analytics.services.health.thinning import thin_scores
from tests.analytics.health import DAY, make_scored, publish, tick

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ONE = dt.timedelta(days=1)
# The nights around the last day of November, long after.
TODAY = DAY + 300 * ONE
MONTH_END, RECENT = dt.date(2026, 11, 30), TODAY - 100 * ONE


def scored(*days: dt.date) -> None:
    publish()
    make_scored(10)
    make_scored(0)
    for day in days:
        tick(day)


def days_left() -> list[dt.date]:
    return list(HealthScore.objects.order_by("day").values_list("day", flat=True))


def test_of_nights_long_past_month_ends_and_forecasts_stay_whole() -> None:
    scored(DAY, DAY + ONE, MONTH_END, RECENT - ONE, RECENT)
    write_forecasts(DAY, rates={"good": 0.5})

    assert thin_scores(today=TODAY) == 2
    assert thin_scores(today=TODAY) == 0
    assert days_left() == [day for day in (DAY, MONTH_END, RECENT) for _ in range(2)]


def test_a_forecast_is_graded_as_before() -> None:
    scored(DAY, DAY + ONE)
    write_forecasts(DAY, rates={"good": 0.5})
    Customer.objects.filter(pk=HealthScore.objects.filter(band="good")[0].customer_id).update(
        churned_on=DAY + 9 * ONE
    )
    before = graded_forecasts(until=TODAY)

    assert thin_scores(today=TODAY) == 1
    assert graded_forecasts(until=TODAY) == before
    assert {each.band: each.left for each in before} == {"good": 1, "risk": 0}


def test_the_proof_of_a_score_stands_on_facts_and_not_on_what_was_stored() -> None:
    scored(DAY + ONE)
    period = Period.from_inclusive(DAY - 90 * ONE, DAY + 90 * ONE)
    before = evidence_report(period, today=TODAY).as_dict()

    thin_scores(today=TODAY)

    assert days_left() == []
    assert evidence_report(period, today=TODAY).as_dict() == before


def test_the_nightly_tick_keeps_no_more_than_that() -> None:
    scored(DAY + ONE)

    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(3), tzinfo=dt.UTC)):
        tasks.score_health()

    assert set(days_left()) == {TODAY - ONE}
