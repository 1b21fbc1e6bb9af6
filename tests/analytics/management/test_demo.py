from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Customer
from analytics.domain.periods import Period
from analytics.management.demo import CHANGED, FORECASTS, NIGHTS
from analytics.models import HealthForecast, HealthFormula, HealthScore
from analytics.queries.health.forecasts import graded_forecasts
from analytics.queries.target_statuses import graded_statuses
from analytics.reports.health.evidence import band_rates
from analytics.reports.outcomes import outcome_report
from tests.shared import shared_rows

TODAY = dt.date(2026, 11, 20)
LAST = TODAY - dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Any:
    """One world for all tests of this module."""
    with shared_rows(django_db_blocker):
        call_command("seed_demo", at=f"{TODAY}T03:00:00+00:00")
        yield


def test_every_night_scored_by_the_formula_of_then(seeded: None) -> None:
    first, second = HealthFormula.objects.order_by("version")

    assert (first.is_in_force, second.is_in_force) == (False, True)
    nights = HealthScore.objects.values_list("day", "formula", "scored_on").distinct()
    days = sorted(nights, reverse=True)
    assert [day for day, *_ in days[:NIGHTS]] == [
        LAST - dt.timedelta(days=number) for number in range(NIGHTS)
    ]
    assert all(scored == day + dt.timedelta(days=1) for day, _, scored in days)
    assert all((formula == second.pk) == (day >= TODAY - CHANGED) for day, formula, _ in days)


def test_no_customer_has_a_score_before_its_start_or_after_its_end(seeded: None) -> None:
    rows = Customer.objects.values_list("pk", "started_on", "churned_on")
    spans = {pk: (start, end) for pk, start, end in rows}
    for pk, day in HealthScore.objects.values_list("customer_id", "day"):
        start, end = spans[pk]
        assert start <= day
        assert end is None or day < end


def test_worse_bands_lose_more_customers(seeded: None) -> None:
    rates = band_rates(LAST)

    assert rates["good"] < rates["watch"] < rates["risk"]
    assert rates["risk"] > 3 * rates["good"]


def test_forecasts_of_a_year_are_kept_and_the_older_ones_graded(seeded: None) -> None:
    assert HealthForecast.objects.values("day").distinct().count() == FORECASTS
    graded = [each for each in graded_forecasts(until=LAST) if each.left is not None]
    risk = [each for each in graded if each.band == "risk" and each.expected is not None]

    assert len(risk) > 5
    expected, left = (sum(each) for each in zip(*((e.expected, e.left) for e in risk), strict=True))
    assert 0.5 < left / expected < 2


def test_statuses_of_targets_are_graded_and_some_came_true(seeded: None) -> None:
    graded = [each for each in graded_statuses() if each.came_true is not None]

    assert len(graded) >= 8
    assert sum(bool(each.came_true) for each in graded) / len(graded) > 0.5
    assert {each.metric for each in graded_statuses()} == {"nps", "csat", "resolution_rate"}


def test_outcomes_of_promoters_are_not_withheld(seeded: None) -> None:
    two_years = Period.from_inclusive(TODAY - dt.timedelta(days=729), TODAY)

    found = outcome_report(two_years, horizon_days=180, today=TODAY).outcomes

    assert found.row("promoter").withheld is None
    assert found.row("detractor").relative_risk > 1.2


def test_a_database_with_a_formula_or_without_a_demo_is_left_alone(seeded: None) -> None:
    with pytest.raises(CommandError, match="holds a health formula already"):
        call_command("seed_demo_health")
