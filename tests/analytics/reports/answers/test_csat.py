"""CSAT from hand-made rows, field by field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from statsmodels.stats.proportion import proportion_confint

from accounts.models import Customer
from analytics.domain.periods import Period
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.csat import csat_report
from analytics.reports.answers.segments import segment_report
from tests.analytics import world

pytestmark = pytest.mark.django_db

QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
FILTERS = Filters(QUARTER, by=("plan",), compare=Compare.PREVIOUS)
CONTRACT = [
    "segment", "metric", "unit", "value", "low", "high", "numerator", "denominator", "reportable",
    "previous", "change", "change_low", "change_high", "change_p_value", "change_significant",
    "target", "status",
]  # fmt: skip


@pytest.fixture
def answers() -> None:
    world.make_dimension("plan")
    campaign = world.satisfaction_campaign(slug="spring")
    world.give_satisfaction(campaign, *[5] * 12, 4, 4, 3, plan="gold", score=10)
    world.give_satisfaction(campaign, *[1] * 8, 4, 5, plan="tin", score=3)
    world.give_satisfaction(campaign, 2, plan="few", score=8, at="2026-06-30T09:00+00:00")
    earlier = {"sent": "2026-02-01T09:00+00:00", "at": "2026-02-02T09:00+00:00"}
    world.give_satisfaction(campaign, *[1] * 10, 5, 5, plan="gold", **earlier)
    # A counted answer that left the question out.
    world.give_scores_apart(campaign, 0)


def test_rows_have_the_keys_of_a_metric_the_total_first(answers: None) -> None:
    shown = csat_report(FILTERS, target=None).as_dict()

    total, *rows = shown["rows"]
    assert [list(row)[: len(CONTRACT)] for row in shown["rows"]] == [CONTRACT] * 4
    assert (total["segment"], total["metric"], total["unit"]) == ({}, "csat", "share")
    assert (total["numerator"], total["denominator"]) == (16, 26)
    assert total["value"] == 16 / 26
    assert (total["low"], total["high"]) == pytest.approx(
        proportion_confint(16, 26, method="wilson"), abs=1e-12
    )
    assert [row["segment"]["plan"] for row in rows] == ["few", "gold", "tin"]
    assert [row["reportable"] for row in rows] == [False, True, True]
    assert total["csat_mean"] == pytest.approx((60 + 8 + 3 + 8 + 9 + 2) / 26)


def test_change_is_tested_against_the_compared_period(answers: None) -> None:
    few, gold, tin = csat_report(FILTERS, target=None).rows

    assert gold.previous == 2 / 12
    assert gold.change == pytest.approx(14 / 15 - 2 / 12)
    assert gold.change_low > 0
    assert gold.change_significant is True
    assert gold.change_p_value < 1e-3
    assert (few.change, few.change_significant, tin.previous) == (None, None, None)
    assert csat_report(Filters(QUARTER), target=None).total.previous is None


def test_by_category_and_by_month(answers: None) -> None:
    report = csat_report(FILTERS, target=None)

    assert [(each.name, each.numerator, each.denominator) for each in report.categories] == [
        ("promoter", 14, 15), ("passive", 0, 1), ("detractor", 2, 10),
    ]  # fmt: skip
    assert [(each.name, each.denominator, each.value) for each in report.trend] == [
        ("2026-04", 25, 16 / 25), ("2026-05", 0, None), ("2026-06", 1, 0.0),
    ]  # fmt: skip
    [chart] = report.charts(today=QUARTER.last_day)
    assert "64.0" in chart.alt()
    assert [table.name for table in report.tables()] == ["csat", "by_category", "trend"]


@pytest.mark.parametrize(
    ("target", "status"), [("0.3", "met"), ("0.6", "open"), ("0.9", "missed"), (None, None)]
)
def test_the_target_is_that_of_all_together(answers: None, target, status) -> None:
    report = csat_report(FILTERS, target=target and Decimal(target))

    assert report.total.status == status
    assert {row.status for row in report.rows} == {None}


def test_the_segment_report_has_the_same_share(answers: None) -> None:
    found = segment_report(FILTERS)

    assert {row.label: row.csat for row in found.rows} == {
        "gold": 14 / 15, "tin": 0.2, "few": 0.0, "–": None,
    }  # fmt: skip
    assert found.total.csat == 16 / 26


def test_segments_as_of_now_and_filters_reach_it(answers: None) -> None:
    Customer.objects.filter(attributes__plan="tin").update(attributes={"plan": "gold"})
    today = dt.date(2026, 7, 1)

    now = csat_report(Filters(QUARTER, by=("plan",), as_of=today), target=None)
    assert {row.label: row.denominator for row in now.rows} == {"few": 1, "gold": 25}
    gold = csat_report(Filters(QUARTER, where={"plan": ["gold"]}, campaign="spring"), target=None)
    assert (gold.total.denominator, gold.rows) == (15, ())


def test_nobody_asked_is_not_zero() -> None:
    report = csat_report(Filters(QUARTER), target=Decimal("0.5"))

    assert (report.total.value, report.total.low, report.total.csat_mean) == (None, None, None)
    assert report.total.status == "open"
    assert segment_report(Filters(QUARTER)).total.csat is None
