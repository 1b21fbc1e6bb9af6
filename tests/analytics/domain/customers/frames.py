"""Customers and their revenue as the frames that the rules take."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import strategies as st

from analytics.domain.customers.revenue import churn_rows, customer_churn_of
from analytics.domain.periods import Period

MARCH = Period(date(2025, 3, 1), date(2025, 4, 1))
amounts = st.one_of(st.just(0.0), st.integers(min_value=1, max_value=10**9).map(lambda c: c / 100))
position_rows = st.lists(st.tuples(amounts, amounts, st.booleans()), max_size=30)


def reconciles(moved):
    """Whether the amounts between start and end explain the end, without products or with them."""
    risen = ("new", "expansion", "reactivated", "upgrade", "cross_sell")
    total = sum(getattr(moved, name, 0.0) for name in ("start", *risen))
    return round(total - moved.contraction - moved.churned - moved.end, 5) == 0


def customer_churn(customers, *, period):
    return customer_churn_of(churn_rows(customers, period=period).sum())


def position_frame(rows):
    return pd.DataFrame(
        [(start, end, paid or start > 0) for start, end, paid in rows],
        columns=["start", "end", "paid_before"],
    )


def customers(*rows):
    frame = pd.DataFrame(rows, columns=["started_on", "churned_on"])
    return frame.apply(pd.to_datetime)
