"""The ledger test of the definitions: seven customers, January to April."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from analytics.domain.customers.mrr.movements import monthly_movements
from analytics.domain.customers.revenue import Movements
from analytics.domain.periods import Period, month_label
from tests.analytics.domain.customers.frames import reconciles

MRR = {
    "A": [100, 100, 120, 120],
    "B": [200, 150, 150, 0],
    "C": [50, 0, 50, 50],
    "D": [0, 80, 80, 80],
    "E": [300, 300, 300, 330],
    "F": [0, 0, 40, 0],
    "G": [70, 70, 70, 70],
}


def snapshots(mrr_by_customer):
    return pd.DataFrame(
        [
            (customer, date(2025, month, 1), mrr)
            for customer, row in mrr_by_customer.items()
            for month, mrr in enumerate(row, start=1)
            if mrr
        ],
        columns=["customer", "month", "mrr"],
    )


def test_ledger_of_every_month():
    rows = monthly_movements(snapshots(MRR))

    assert [month_label(row.period) for row in rows] == ["2025-01", "2025-02", "2025-03", "2025-04"]
    assert [row.movements for row in rows] == [
        Movements(new=720, end=720),
        Movements(start=720, new=80, contraction=50, churned=50, end=700, kept=620),
        Movements(start=700, new=40, expansion=20, reactivated=50, end=810, kept=700),
        Movements(start=810, expansion=30, churned=190, end=650, kept=620),
    ]
    assert all(reconciles(row.movements) for row in rows)


def test_ledger_rates():
    january, february, *_ = monthly_movements(snapshots(MRR))

    assert (january.gross_churn_rate, january.net_churn_rate) == (None, None)
    assert (january.movements.nrr, january.customer_churn_rate) == (None, None)
    assert february.gross_churn_rate == pytest.approx(0.138889, abs=5e-7)
    assert february.net_churn_rate == pytest.approx(0.138889, abs=5e-7)
    assert february.movements.nrr == pytest.approx(0.861111, abs=5e-7)
    assert february.movements.grr == pytest.approx(0.861111, abs=5e-7)
    assert february.customer_churn_rate == 0.2


def test_net_churn_counts_who_comes_back_and_nrr_does_not():
    march = monthly_movements(snapshots(MRR))[2]

    assert march.net_churn_rate == -70 / 700
    assert march.movements.nrr == 720 / 700


def test_product_of_monthly_nrr_is_not_the_point_to_point_one():
    product = math.prod(row.movements.nrr for row in monthly_movements(snapshots(MRR))[1:])

    assert product == pytest.approx(0.710758, abs=5e-7)


def test_a_month_without_any_row_is_a_month_without_revenue():
    months = monthly_movements(snapshots({"A": [100, 0, 100]}))

    assert [row.movements.churned for row in months] == [0, 100, 0]
    assert [row.movements.reactivated for row in months] == [0, 0, 100]


def test_ledger_of_a_period_remembers_who_paid_before_it():
    period = Period(date(2025, 3, 1), date(2025, 4, 1))

    assert (
        monthly_movements(snapshots(MRR), period=period) == monthly_movements(snapshots(MRR))[2:3]
    )


def test_ledger_of_nothing_is_empty():
    assert monthly_movements(snapshots({})) == []
