from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.domain.metrics.facts import Choices
from analytics.domain.metrics.lifetime import (
    MIN_FOLLOWED,
    MOST_MONTHS,
    Followed,
    churn_columns,
    followed,
    horizon_of,
    mean_churn,
    months_worth,
)
from analytics.domain.periods import Period

JANUARY = Period(dt.date(2026, 1, 1), dt.date(2026, 2, 1))
FEBRUARY = Period(dt.date(2026, 2, 1), dt.date(2026, 3, 1))


def dates(*rows: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "started_on": pd.to_datetime(pd.Series([each[0] for each in rows])),
            "churned_on": pd.to_datetime(pd.Series([each[1] for each in rows])),
        }
    )


def test_monthly_churn_is_the_mean_of_the_months() -> None:
    world = dates(
        ("2025-01-01", "2026-01-10"),
        ("2025-01-01", "2026-02-10"),
        ("2025-01-01", None),
        ("2025-01-01", None),
        ("2026-01-10", None),
        ("2025-01-01", "2025-12-31"),
    )

    columns = churn_columns(world, months=[JANUARY, FEBRUARY])

    # One of four in January; one of four in February, when the new one has come.
    assert columns.sum(axis=0).tolist() == [4, 4, 1, 1]
    assert mean_churn(columns.sum(axis=0)[None, :]) == pytest.approx([0.25])


def test_who_is_followed_from_their_first_revenue_on_and_until_when() -> None:
    world = dates(
        ("2025-01-01", None),
        ("2025-01-01", "2025-06-20"),
        ("2025-01-01", "2025-02-01"),
        ("2025-01-01", None),
    )
    days = pd.to_datetime(["2025-01-31", "2025-03-31", "2025-03-31"])
    paid = pd.DataFrame({"day": days, "mrr": [10.0, 20.0, 30.0]}, index=[0, 1, 2])

    found = followed(world, paid, end=pd.Timestamp("2025-09-01"))

    # Who left before any revenue of theirs is known weighs nothing, like who never paid.
    assert found.weight.tolist() == [10, 20, 0, 0]
    assert found.first_month[:2].tolist() == [0, 2]
    assert found.last_month[:2].tolist() == [7, 5]
    assert found.lost[:2].tolist() == [0, 1]


def test_a_unit_of_revenue_stays_as_long_as_the_curve_says_within_the_horizon() -> None:
    """Ten pay 1: one leaves in month 0, three of those that are left in month 1."""
    ends = [0, 1, 1, 1, *[5] * 6]
    lost = [1, 1, 1, 1, *[0] * 6]
    columns = Followed(
        np.ones(10), np.zeros(10), np.array(ends, float), np.array(lost, float)
    ).columns()

    assert horizon_of(columns) == 6
    plain = months_worth(columns.sum(axis=0)[None, :], horizon=3, choices=Choices())
    assert plain == pytest.approx([1 + 0.9 + 0.6])
    worth = Choices(margin=0.8, discount=0.21)
    less = months_worth(columns.sum(axis=0)[None, :], horizon=3, choices=worth)
    assert less == pytest.approx([0.8 * (1 + 0.9 / 1.21 ** (1 / 12) + 0.6 / 1.21 ** (2 / 12))])


def test_the_horizon_ends_where_too_few_are_followed() -> None:
    columns = np.zeros((MIN_FOLLOWED, 2 * MOST_MONTHS))
    columns[:, :MOST_MONTHS] = 1
    assert horizon_of(columns) == MOST_MONTHS
    columns[0, 7] = 0
    assert horizon_of(columns) == 7
    assert horizon_of(columns[:1]) == 0


Life = tuple[float, int, int, bool]
LIVES = st.lists(
    st.tuples(
        st.sampled_from([1.0, 2.5, 40.0]), st.integers(0, 5), st.integers(0, 9), st.booleans()
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(LIVES)
def test_months_worth_are_those_of_a_plain_loop(lives: list[Life]) -> None:
    columns = Followed(*(np.array(each, float) for each in zip(*lives, strict=True))).columns()

    found = months_worth(columns.sum(axis=0)[None, :], horizon=8, choices=Choices())

    assert found[0] == pytest.approx(_by_loop(lives, horizon=8))


def _by_loop(lives: list[Life], *, horizon: int) -> float:
    curve = [1.0]
    for month in range(horizon - 1):
        at_risk = lost = 0.0
        for weight, first, last, left in lives:
            if first <= month <= last:
                at_risk += weight * (0.5 if month == last and not left else 1)
                lost += weight if month == last and left else 0
        curve.append(curve[-1] * (1 - lost / at_risk if at_risk else 1))
    assert all(later <= earlier for earlier, later in pairwise(curve))
    return sum(curve)
