from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.metrics.course import metric_courses, one_metric
from analytics.reports.metrics.report import metric_report
from analytics.reports.report import Kind
from tests.analytics import world
from tests.analytics.metrics import happened, told

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 20)
QUARTER = Filters(Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1)), by=("plan",), today=TODAY)
KEYS = ["community_rate", "grr"]


@pytest.fixture(autouse=True)
def community() -> None:
    """Of four customers one took part in May."""
    world.make_dimension("plan")
    for number in range(4):
        customer = world.make_customer(
            started_on=dt.date(2025, 1, 1), plan="a", mrr={"2026-03": 100, "2026-05": 100 - number}
        )
        happened(customer, "community", "2025-02-01")
        if number == 0:
            happened(customer, "community", "2026-05-05")
    told("events:community")


def test_a_month_says_what_the_report_of_the_month_says() -> None:
    courses = metric_courses(QUARTER, today=TODAY, keys=KEYS)

    points = {each.period: each for each in courses["community_rate"]}
    may = Filters(Period(dt.date(2026, 5, 1), dt.date(2026, 6, 1)), today=TODAY)
    [row] = metric_report(may, today=TODAY, keys=["community_rate"]).rows
    assert points["2026-05"].value == row.value == 0.25
    assert (points["2026-05"].low, points["2026-05"].high) == (row.low, row.high)
    assert points["2026-04"].value == 0


def test_there_are_twelve_months_at_least_and_the_last_ends_today() -> None:
    points = metric_courses(QUARTER, today=TODAY, keys=KEYS)["community_rate"]

    assert [points[0].period, points[-1].period, len(points)] == ["2025-07", "2026-06", 12]
    assert [each.whole for each in points] == [True] * 11 + [False]


def test_a_month_whose_end_is_to_come_compares_no_revenue_with_itself() -> None:
    points = metric_courses(QUARTER, today=TODAY, keys=KEYS)["grr"]

    assert points[-1].value is None


def test_months_of_which_no_interval_is_seen_are_the_same_without() -> None:
    for place in range(12):
        world.make_customer(mrr={"2026-04": 100, "2026-05": 90 + place})

    with_draws, without = (
        list(metric_courses(QUARTER, today=TODAY, keys=["grr"], draws=draws)["grr"])
        for draws in (True, False)
    )

    assert any(each.low is not None for each in with_draws)
    assert [replace(each, low=None, high=None) for each in with_draws] == without


def test_fifty_years_are_not_waited_for() -> None:
    long = Filters(Period(dt.date(1980, 1, 1), dt.date(2026, 7, 1)), today=TODAY)

    assert len(metric_courses(long, today=TODAY, keys=["community_rate"])["community_rate"]) == 36


def test_its_files_have_the_months_as_a_second_sheet() -> None:
    found = one_metric(QUARTER, BY_KEY["community_rate"], today=TODAY)

    rows, trend = found.tables()
    assert [row[0] for row in rows.rows] == ["", "a"]
    assert rows.terms[0][2] == "community_rate"
    assert (trend.name, len(trend.rows), trend.row_kinds[0]) == ("trend", 12, Kind.PERCENT)
    assert found.as_dict()["rows"][0]["metric"] == "community_rate"
    [chart] = found.charts(today=TODAY)
    assert chart.alt().startswith("Community rate: 0.0\u00a0% in 2025-07")
