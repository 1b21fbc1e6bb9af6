"""What the report of retention adds where products are known."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from analytics.domain.periods import Period
from analytics.reports.retention import retention_report
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


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


def test_a_month_with_products_at_both_ends_has_its_ledger_in_the_spreadsheet() -> None:
    customer = world.make_customer(started_on=dt.date(2025, 1, 1))
    for month, product, mrr in ((3, "", 90), (4, "base", 100), (5, "base", 120), (6, "base", 120)):
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, month, 1), product=product, mrr=mrr
        )

    report = retention_report(APRIL_TO_JUNE, today=TODAY)

    # Of April the products at its start are not known, so of the period neither.
    assert report.by_product.period is None
    [table] = report.by_product.tables()
    assert [list(row) for row in table.rows] == [
        ["2026-05", 100.0, 0.0, 20.0, 0.0, 0.0, 0.0, 120.0],
        ["2026-06", 120.0, 0.0, 0.0, 0.0, 0.0, 0.0, 120.0],
    ]
