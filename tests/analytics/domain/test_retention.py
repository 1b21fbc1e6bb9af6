from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from analytics.domain.retention import customer_retention, revenue_retention

NAN = math.nan


def customers(*rows):
    return pd.DataFrame(rows, columns=["started_on", "churned_on"]).apply(pd.to_datetime)


def same(found, expected):
    pd.testing.assert_frame_equal(
        found, pd.DataFrame(expected).T, check_names=False, check_dtype=False, check_exact=True
    )
    return True


JANUARY_AND_MARCH = customers(
    (date(2025, 1, 1), None),
    (date(2025, 1, 31), date(2025, 1, 31)),  # leaves in the month of the start
    (date(2025, 1, 10), date(2025, 3, 1)),
    (date(2025, 1, 10), date(2025, 2, 28)),
    (date(2025, 3, 5), None),
    (date(2025, 3, 9), date(2025, 4, 30)),
)


def test_customer_cohorts_by_age_at_month_ends():
    found = customer_retention(JANUARY_AND_MARCH, last_known=date(2025, 4, 30))

    assert same(
        found.shares,
        {"2025-01": [0.75, 0.5, 0.25, 0.25], "2025-03": [1.0, 0.5, NAN, NAN]},
    )
    assert found.weights.to_dict() == {"2025-01": 4, "2025-03": 2}


def test_a_month_that_has_not_ended_is_not_known():
    found = customer_retention(JANUARY_AND_MARCH, last_known=date(2025, 4, 29))

    assert same(
        found.shares,
        {"2025-01": [0.75, 0.5, 0.25], "2025-03": [1.0, NAN, NAN]},
    )


def test_average_weighs_cohorts_by_size_and_leaves_out_the_young():
    found = customer_retention(JANUARY_AND_MARCH, last_known=date(2025, 4, 30))

    assert found.average().tolist() == [5 / 6, 3 / 6, 0.25, 0.25]
    assert found.cohorts_known().tolist() == [2, 2, 1, 1]


def test_revenue_cohorts_begin_with_the_first_revenue():
    rows = pd.DataFrame(
        [
            ("A", date(2025, 1, 1), 100.0),
            ("A", date(2025, 2, 1), 150.0),
            ("A", date(2025, 3, 1), 150.0),
            ("B", date(2025, 1, 1), 100.0),
            ("B", date(2025, 3, 1), 50.0),
            ("C", date(2025, 1, 1), 0.0),
            ("C", date(2025, 2, 1), 40.0),
            ("C", date(2025, 3, 1), 10.0),
        ],
        columns=["customer", "month", "mrr"],
    )
    found = revenue_retention(rows, last_known=date(2025, 3, 31))

    assert same(found.shares, {"2025-01": [1.0, 0.75, 1.0], "2025-02": [1.0, 0.25, NAN]})
    assert found.weights.to_dict() == {"2025-01": 200, "2025-02": 40}
    assert found.average().tolist() == [1.0, (150 + 10) / 240, 1.0]


def test_revenue_after_the_last_known_month_end_is_left_out():
    rows = pd.DataFrame(
        [("A", date(2025, 1, 1), 100.0), ("A", date(2025, 2, 1), 1.0)],
        columns=["customer", "month", "mrr"],
    )

    assert same(revenue_retention(rows, last_known=date(2025, 2, 27)).shares, {"2025-01": [1.0]})


def test_a_lost_cohort_stays_at_zero_until_the_last_known_month():
    rows = pd.DataFrame([("A", date(2025, 1, 1), 100.0)], columns=["customer", "month", "mrr"])

    assert same(
        revenue_retention(rows, last_known=date(2025, 3, 31)).shares, {"2025-01": [1.0, 0.0, 0.0]}
    )


@pytest.mark.parametrize("last_known", [date(2025, 3, 31), date(2020, 1, 1)])
def test_nobody_makes_an_empty_table(last_known):
    nobody = pd.DataFrame({"customer": [], "month": pd.to_datetime([]), "mrr": []})

    assert customer_retention(customers(), last_known=last_known).shares.empty
    assert revenue_retention(nobody, last_known=last_known).shares.empty
    assert revenue_retention(nobody, last_known=last_known).average().empty
