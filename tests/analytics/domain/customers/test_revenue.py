from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.customers.revenue import (
    MOVEMENT_COLUMNS,
    CustomerChurn,
    Movements,
    movements,
    positions,
    start_and_end_months,
)
from analytics.domain.periods import Period
from tests.analytics.domain.customers.frames import (
    MARCH,
    customer_churn,
    customers,
    position_frame,
    position_rows,
    reconciles,
)


def snapshots(**mrr_by_customer):
    """Month-ends from January 2025 on."""
    return pd.DataFrame(
        [
            (customer, date(2025, month, 1), mrr)
            for customer, row in mrr_by_customer.items()
            for month, mrr in enumerate(row, start=1)
        ],
        columns=["customer", "month", "mrr"],
    )


def test_movements_of_every_kind():
    found = movements(
        positions(
            snapshots(
                stays=[100, 100, 100],
                grows=[100, 100, 130],
                shrinks=[100, 100, 60],
                leaves=[50, 50, 0],
                arrives=[0, 0, 80],
                returns=[70, 0, 75],
            ),
            period=MARCH,
        )
    )

    assert found == Movements(
        start=350,
        new=80,
        expansion=30,
        contraction=40,
        churned=50,
        reactivated=75,
        end=445,
        kept=260,
    )
    assert reconciles(found)
    assert found.grr == 260 / 350
    assert found.nrr == 290 / 350
    assert found.revenue_churn_rate == 1 - 260 / 350


def test_an_absent_row_is_no_revenue():
    rows = snapshots(leaves=[100, 100], returns=[40, 0, 40], arrives=[0, 0, 9])
    found = movements(positions(rows[rows["mrr"] > 0], period=MARCH))

    assert (found.churned, found.reactivated, found.new) == (100, 40, 9)


def test_chartmogul_rates():
    # Start 100: churn 10, contraction 10, expansion 10.
    found = movements(position_frame([(10, 0, True), (50, 40, True), (40, 50, True)]))

    assert found.revenue_churn_rate == pytest.approx(0.2, abs=1e-12)
    assert found.grr == 0.8
    assert found.nrr == 0.9


def test_new_business_is_in_neither_rate():
    # ChartMogul's day from 100 to 120 with 10 of new business: net churn -0.1.
    found = movements(position_frame([(100, 110, True), (0, 10, False)]))

    assert found.nrr == 1.1
    assert found.grr == 1


def test_chartmogul_life_cycle():
    # Billed 2000 a year; +60 a month; the 60 ends; the rest ends; back with 3 x 50.
    yearly = 2000 / 12
    rows = snapshots(acme=[yearly, yearly + 60, yearly, 0, 150])
    found = [
        movements(positions(rows, period=Period(date(2025, m, 1), date(2025, m + 1, 1))))
        for m in range(1, 6)
    ]

    assert found[0].new == pytest.approx(166.666667, abs=5e-7)
    assert found[1].expansion == pytest.approx(60, abs=1e-6)
    assert found[2].contraction == pytest.approx(60, abs=1e-6)
    assert found[3].churned == pytest.approx(166.666667, abs=5e-7)
    assert found[4].reactivated == 150


def test_january_to_april_point_to_point():
    rows = snapshots(
        a=[100, 100, 120, 120],
        b=[200, 150, 150, 0],
        c=[50, 0, 50, 50],
        d=[0, 80, 80, 80],
        e=[300, 300, 300, 330],
        f=[0, 0, 40, 0],
        g=[70, 70, 70, 70],
    )
    found = movements(positions(rows, period=Period(date(2025, 2, 1), date(2025, 5, 1))))

    assert found.start == 720
    assert found.nrr == pytest.approx(0.791667, abs=5e-7)
    assert found.grr == pytest.approx(0.722222, abs=5e-7)
    assert (found.new, found.reactivated) == (80, 0)


def test_rates_are_unknown_where_nothing_was_paid_at_start():
    found = movements(position_frame([(0, 50, False)]))

    assert (found.grr, found.nrr, found.revenue_churn_rate) == (None, None, None)
    assert movements(position_frame([])) == Movements()


@pytest.mark.parametrize(
    ("period", "months"),
    [
        (MARCH, (date(2025, 2, 28), date(2025, 3, 31))),
        (Period(date(2025, 3, 2), date(2025, 3, 31)), (date(2025, 2, 28), date(2025, 2, 28))),
        (Period(date(2025, 1, 31), date(2025, 3, 1)), (date(2024, 12, 31), date(2025, 2, 28))),
    ],
)
def test_start_and_end_are_the_month_ends_around_the_period(period, months):
    assert start_and_end_months(period) == months


def test_a_period_beyond_the_imports_does_not_churn_everybody():
    rows = snapshots(acme=[100, 100], bolt=[50, 0])
    running = Period(date(2025, 2, 1), date(2025, 5, 1))

    assert movements(positions(rows, period=running)).churned == 150
    known = movements(positions(rows, period=running, last_known=date(2025, 2, 28)))
    assert (known.start, known.churned, known.end) == (150, 50, 100)


def test_any_day_of_the_month_names_its_snapshot():
    rows = pd.DataFrame(
        {
            "customer": ["acme", "acme"],
            "month": [date(2025, 2, 28), date(2025, 3, 15)],
            "mrr": [100.0, 90.0],
        }
    )

    assert movements(positions(rows, period=MARCH)).contraction == 10


def test_cents_add_up_exactly():
    found = movements(position_frame([(0.1, 0.2, True)] * 30))

    assert (found.start, found.end, found.expansion) == (3.0, 6.0, 3.0)


@given(position_rows)
def test_movements_reconcile_and_grr_is_a_share(rows):
    found = movements(position_frame(rows))

    assert reconciles(found)
    assert min(getattr(found, name) for name in MOVEMENT_COLUMNS) >= 0
    if found.start:
        assert 0 <= found.grr <= 1
        assert found.grr <= found.nrr
        assert found.nrr == pytest.approx(
            sum(end for start, end, _ in rows if start > 0) / found.start, rel=1e-9, abs=1e-9
        )
    else:
        assert found.grr is None


@given(position_rows, st.randoms(use_true_random=False))
def test_order_of_customers_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert movements(position_frame(shuffled)) == movements(position_frame(rows))


def test_customer_churn_counts_those_present_at_the_start():
    found = customer_churn(
        customers(
            (date(2024, 1, 1), None),  # stays
            (date(2025, 2, 28), date(2025, 3, 1)),  # leaves on the first day
            (date(2024, 1, 1), date(2025, 3, 31)),  # leaves on the last day
            (date(2024, 1, 1), date(2025, 4, 1)),  # leaves the day after
            (date(2024, 1, 1), date(2025, 2, 28)),  # gone before
            (date(2025, 3, 1), None),  # starts inside
            (date(2025, 3, 2), date(2025, 3, 20)),  # comes and goes inside
            (None, date(2025, 3, 20)),  # nobody knows since when
        ),
        period=MARCH,
    )

    assert found == CustomerChurn(customers_at_start=4, customers_churned=2)
    assert found.churn_rate == 0.5
    assert found.retention_rate == 0.5


def test_who_joined_inside_does_not_enter_the_vendors_example():
    # ChartMogul: 100 at start, 11 cancel, 1 of them had joined in the month.
    old, gone = date(2024, 1, 1), date(2025, 3, 15)
    found = customer_churn(
        customers(*[(old, None)] * 90, *[(old, gone)] * 10, (date(2025, 3, 3), gone)),
        period=MARCH,
    )

    assert found.churn_rate == 0.1


def test_customer_churn_is_unknown_without_customers():
    found = customer_churn(customers(), period=MARCH)

    assert found == CustomerChurn()
    assert (found.churn_rate, found.retention_rate) == (None, None)


def test_revenue_churn_of_the_telco_customers():
    """Monthly charges of IBM's sample: all of them, and those of the customers that were lost."""
    charges, lost = 456_116.60, 139_130.85
    found = movements(
        pd.DataFrame(
            {
                "start": [charges - lost, lost],
                "end": [charges - lost, 0.0],
                "paid_before": [True, True],
            }
        )
    )

    assert found.revenue_churn_rate == pytest.approx(0.305034, abs=5e-7)
    assert found.grr == found.nrr == pytest.approx(1 - 0.305034, abs=5e-7)
    assert reconciles(found)
