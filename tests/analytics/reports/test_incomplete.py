"""A month of revenue that looks incomplete is marked wherever it is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import segment_report
from analytics.reports.answers.trend import Step, trend_report
from analytics.reports.retention import retention_report
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db
SPRING = Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1))
TODAY = dt.date(2026, 11, 22)
MONTHS = [f"2026-{month:02}" for month in range(3, 8)]


@pytest.fixture(autouse=True)
def may_is_incomplete() -> None:
    """Two of twelve customers have no row in May and are not marked as churned."""
    world.make_dimension("plan")
    for number in range(12):
        paid = {month: 100 for month in MONTHS if month != "2026-05" or number >= 2}
        world.make_customer(plan="gold", started_on=dt.date(2025, 1, 1), mrr=paid)
    world.give_scores(world.make_customer(), world.make_campaign(), 9)


def test_reports_name_the_months_that_they_compare() -> None:
    def names(first: dt.date, end: dt.date) -> Any:
        found = segment_report(Filters(Period(first, end), by=("plan",))).as_dict()
        return found.get("looks_incomplete")

    assert names(dt.date(2026, 4, 1), dt.date(2026, 6, 1)) == ["2026-05"]
    assert names(dt.date(2026, 6, 1), dt.date(2026, 7, 1)) == ["2026-05"]
    # It compares March with June.
    assert names(dt.date(2026, 4, 1), dt.date(2026, 7, 1)) is None


def test_each_row_that_compares_the_month_says_so() -> None:
    trend = trend_report(Filters(SPRING), step=Step.MONTH).as_dict()
    assert [row["looks_incomplete"] for row in trend["rows"]] == [False, True, True]
    assert trend["looks_incomplete"] == ["2026-05"]

    retention = retention_report(SPRING, today=TODAY).as_dict()
    assert [row["looks_incomplete"] for row in retention["months"]] == [False, True, True]
    assert retention["looks_incomplete"] == ["2026-05"]


def test_files_have_it_too() -> None:
    period = Period(dt.date(2026, 4, 1), dt.date(2026, 6, 1))
    [segments] = segment_report(Filters(period, by=("plan",))).tables()
    assert (segments.columns[-1].name, segments.rows[0][-1]) == ("looks_incomplete", "2026-05")
    months = retention_report(SPRING, today=TODAY).tables()[-1]
    place = [each.name for each in months.columns].index("looks_incomplete")
    assert [row[place] for row in months.rows] == [False, True, True]


@pytest.mark.parametrize(
    ("page", "marked_rows"), [("segments/", 0), ("trend/", 2), ("retention/", 2), ("", 0)]
)
def test_pages_say_it_in_a_sentence_and_at_the_rows(page: str, marked_rows: int) -> None:
    query = {"from": "2026-04-01", "to": "2026-05-31", "period": "custom"}
    shown = client_as("viewer").get(f"/analytics/{page}", query).content.decode()

    assert "The revenue of May 2026 looks incomplete" in shown or page == ""
    if marked_rows:
        assert ">looks incomplete<" in shown


def test_of_the_last_months_nobody_imported_nothing_is_said() -> None:
    later = Period(dt.date(2026, 8, 1), dt.date(2026, 10, 1))

    assert "looks_incomplete" not in segment_report(Filters(later)).as_dict()
    assert "looks_incomplete" not in retention_report(later, today=TODAY).as_dict()
