"""Cohorts and movements from hand-made rows."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from analytics.domain.periods import Period
from analytics.reports.retention import retention_report
from tests.analytics import world

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


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
        "movements_by_product", "months",
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
    assert all(each.movements.reconciles for each in report.months)
    assert shown["movements_by_product"] is None
    assert report.unknown == []


def test_movements_by_product_lead_from_the_start_to_the_end_of_the_same_customers() -> None:
    customer = world.make_customer(started_on=dt.date(2025, 1, 1))
    world.make_customer(started_on=dt.date(2026, 5, 1), mrr={"2026-06": 80})
    for month, product, mrr, quantity in (
        (3, "base", 100, 10),
        (3, "extra", 20, 1),
        (6, "base", 150, 15),
        (6, "extra", 30, 1),
        (6, "more", 7, None),
    ):
        MonthlyRevenue.objects.create(
            customer=customer,
            month=dt.date(2026, month, 1),
            product=product,
            mrr=mrr,
            quantity=quantity,
        )

    report = retention_report(APRIL_TO_JUNE, today=dt.date(2026, 6, 30))
    shown = report.as_dict()

    assert shown["movements_by_product"] == {
        "start": 120.0, "expansion": 50.0, "upgrade": 10.0, "cross_sell": 7.0, "contraction": 0.0,
        "churned": 0.0, "end": 187.0,
    }  # fmt: skip
    assert shown["movements"]["expansion"] == 67.0
    assert report.movements is not None
    assert report.movements.nrr == 187 / 120
    assert list(report.steps.values()) == [120, 50, 10, 7, 0, 0, 187, 80, 0, 267]
    assert [each["by_product"] is None for each in shown["months"]] == [True, True, True]
    names = [table.name for table in report.tables()]
    assert "movements_by_product" not in names
    of_nobody = retention_report(APRIL_TO_JUNE, today=TODAY, owner="a@b.example")
    assert set(of_nobody.steps.values()) == {0.0}
