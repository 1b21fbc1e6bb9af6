"""Cohorts and movements from hand-made rows."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.reports.retention import retention_report
from tests.analytics import world
from tests.analytics.domain.customers.frames import reconciles

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def test_retention_report_reconciles_and_cuts_cohorts_to_the_period() -> None:
    world.make_customer(started_on=dt.date(2026, 1, 5), mrr={"2026-01": 100, "2026-06": 100})
    world.make_customer(
        started_on=dt.date(2026, 4, 5),
        churned_on=dt.date(2026, 5, 20),
        mrr={"2026-04": 50},
    )
    world.make_customer(started_on=dt.date(2026, 4, 6), mrr={"2026-04": 50, "2026-06": 80})

    report = retention_report(APRIL_TO_JUNE, today=dt.date(2026, 6, 30))
    shown = report.as_dict()

    assert list(shown) == [
        "period", "looks_incomplete", "customers", "revenue", "movements",
        "movements_by_product", "churn_reasons", "months",
    ]  # fmt: skip
    # Of the two that paid in April one has no row in May and is not marked as churned.
    assert shown["looks_incomplete"] == ["2026-05"]
    assert shown["customers"]["cohorts"] == [
        {"cohort": "2026-04", "size": 2.0, "shares": [1.0, 0.5, 0.5]}
    ]
    assert shown["movements"] == {
        "start": 0.0, "new": 80.0, "expansion": 0.0, "reactivated": 100.0, "contraction": 0.0,
        "churned": 0.0, "end": 180.0,
    }  # fmt: skip
    assert [each["month"] for each in shown["months"]] == ["2026-04", "2026-05", "2026-06"]
    assert all(reconciles(each.movements) for each in report.months)
    assert shown["movements_by_product"] is None
    assert shown["revenue"]["since_before"] is None
    assert report.unknown == []


def test_the_first_imported_month_says_that_its_cohort_paid_before() -> None:
    for month in (4, 5):
        world.make_customer(started_on=dt.date(2020, 1, 1), mrr={f"2026-{month:02}": 50})

    report = retention_report(APRIL_TO_JUNE, today=dt.date(2026, 6, 30))

    assert report.as_dict()["revenue"]["since_before"] == "2026-04"
