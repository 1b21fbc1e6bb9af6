from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.customers.retention import customer_retention, revenue_retention

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


LAST = date(2025, 12, 31)
spans = st.lists(
    st.tuples(st.integers(1, 12), st.none() | st.integers(0, 11)), min_size=1, max_size=25
).map(
    lambda rows: customers(
        *(
            (
                date(2025, month, 1),
                None if stays is None or month + stays > 12 else date(2025, month + stays, 15),
            )
            for month, stays in rows
        )
    )
)
snapshots = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 12), st.sampled_from([0.0, 50.0, 120.0])),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:2],
).map(
    lambda rows: pd.DataFrame(
        [(customer, date(2025, month, 1), mrr) for customer, month, mrr in rows],
        columns=["customer", "month", "mrr"],
    ).astype({"month": "datetime64[ns]"})
)


def amounts(found):
    return found.shares.mul(found.weights, axis=0)


@given(spans, st.integers(0, 99))
def test_order_of_customers_does_not_matter(rows, seed):
    shuffled = rows.sample(frac=1, random_state=seed)

    one, other = (customer_retention(each, last_known=LAST) for each in (rows, shuffled))

    pd.testing.assert_frame_equal(one.shares, other.shares)
    pd.testing.assert_series_equal(one.weights, other.weights)


@given(spans, spans)
def test_merged_customers_add_up_cohort_by_cohort(one, other):
    together = customer_retention(pd.concat([one, other]), last_known=LAST)
    apart = [customer_retention(each, last_known=LAST) for each in (one, other)]

    summed = amounts(apart[0]).add(amounts(apart[1]), fill_value=0)
    pd.testing.assert_frame_equal(amounts(together), summed, check_names=False)


@given(spans)
def test_who_has_left_does_not_come_back_and_the_mean_lies_between(rows):
    found = customer_retention(rows, last_known=LAST)

    assert (found.shares.diff(axis=1).fillna(0) <= 1e-12).all(axis=None)
    average = found.average().dropna()
    assert (average <= found.shares.max()[average.index] + 1e-12).all()
    assert (average >= found.shares.min()[average.index] - 1e-12).all()


@given(snapshots, st.integers(0, 99))
def test_order_of_revenue_rows_does_not_matter(rows, seed):
    shuffled = rows.sample(frac=1, random_state=seed)

    one, other = (revenue_retention(each, last_known=LAST) for each in (rows, shuffled))

    pd.testing.assert_frame_equal(one.shares, other.shares)


@given(snapshots)
def test_a_revenue_cohort_starts_with_all_of_its_first_month(rows):
    found = revenue_retention(rows, last_known=LAST)

    assert found.shares.empty or (found.shares[0] == 1).all()


def test_one_customer_alone():
    found = customer_retention(customers((date(2025, 11, 3), None)), last_known=LAST)

    assert same(found.shares, {"2025-11": [1.0, 1.0]})


def test_a_cohort_is_small_by_its_customers_not_by_its_money():
    rows = [(f"a{n}", date(2025, 1, 31), 0.5) for n in range(5)]
    rows += [(f"b{n}", date(2025, 2, 28), 900.0) for n in range(4)]
    table = pd.DataFrame(rows, columns=["customer", "month", "mrr"])
    paying = revenue_retention(table, last_known=date(2025, 2, 28))
    starting = customer_retention(JANUARY_AND_MARCH, last_known=date(2025, 4, 30))

    assert paying.sizes.to_dict() == {"2025-01": 5, "2025-02": 4}
    assert paying.small == {"2025-02"}
    assert starting.small == {"2025-01", "2025-03"}
    assert paying.of(["2025-02"]).small == {"2025-02"}
    assert paying.of(["2025-01"]).small == frozenset()
