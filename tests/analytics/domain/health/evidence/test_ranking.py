"""Ranks against plain loops over all pairs, and the interval against the whole bootstrap."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.health.evidence.observations import Observations
from analytics.domain.health.evidence.ranking import (
    drawn_aucs,
    interval_of,
    pairs_of,
    tenths,
    worst_tenth,
)
from tests.analytics.domain.health.evidence.worlds import drawn

NAN = math.nan


def rows_of(*rows: tuple[int, int, bool, float]) -> Observations:
    """From (customer, day, left, score)."""
    customers, days, left, scores = (np.array(each) for each in zip(*rows, strict=True))
    nothing = np.zeros(len(rows), dtype=np.intp)
    return Observations(
        customers, days, left.astype(bool), {"score": scores.astype(float)}, nothing, nothing,
        int(days.max()) + 1,
    )  # fmt: skip


def auc_by_loop(values: np.ndarray, rows: Observations, weights: np.ndarray | None = None) -> float:
    weights = np.ones(int(rows.customers.max()) + 1) if weights is None else weights
    right = number = 0.0
    for i in np.flatnonzero(rows.left & ~np.isnan(values)):
        same_day = (rows.days == rows.days[i]) & ~rows.left & ~np.isnan(values)
        for j in np.flatnonzero(same_day):
            weight = weights[rows.customers[i]] * weights[rows.customers[j]]
            number += weight
            right += weight * (1.0 if values[i] < values[j] else 0.5 * (values[i] == values[j]))
    return right / number if number else NAN


def test_pairs_are_of_the_same_day_and_ties_count_half() -> None:
    rows = rows_of(
        (0, 0, True, 10), (1, 0, False, 20), (2, 0, False, 10), (3, 0, False, 5),
        # On this day everybody stayed.
        (1, 1, False, 0), (2, 1, False, 0),
        (1, 2, True, 50), (2, 2, False, 90),
    )  # fmt: skip

    found = pairs_of(rows.predictors["score"], rows=rows, customers=4)

    assert (found.right, found.number, found.auc) == (2.5, 4, 0.625)
    assert found.right_of.sum() == 2 * found.right
    assert found.number_of.sum() == 2 * found.number


ROWS = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 2), st.booleans(), st.integers(0, 4) | st.just(NAN)
    ),
    min_size=1, max_size=30,
)  # fmt: skip


@given(ROWS)
def test_the_auc_is_that_of_a_plain_loop(rows: list[tuple[int, int, bool, float]]) -> None:
    found = rows_of(*rows)
    values = found.predictors["score"]

    auc = pairs_of(values, rows=found, customers=6).auc

    expected = auc_by_loop(values, found)
    assert auc is None if math.isnan(expected) else auc == pytest.approx(expected)


def test_the_interval_is_nearly_that_of_the_whole_bootstrap() -> None:
    rows = drawn(120, 3, seed=5)
    values = rows.predictors["score"]
    pairs = pairs_of(values, rows=rows, customers=120)

    found = interval_of(drawn_aucs([pairs], taking_part=np.ones(120, dtype=bool))[:, 0])

    chance = np.random.default_rng(7)
    whole = [
        auc_by_loop(values, rows, np.bincount(chance.integers(0, 120, 120), minlength=120))
        for _ in range(200)
    ]
    low, high = np.percentile(whole, [2.5, 97.5])
    assert found is not None
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.02)


def test_a_perfect_ranking_stays_perfect_in_every_draw() -> None:
    rows = rows_of(*((place, 0, place < 5, float(place)) for place in range(30)))
    pairs = pairs_of(rows.predictors["score"], rows=rows, customers=30)

    draws = drawn_aucs([pairs], taking_part=np.ones(30, dtype=bool), draws=200)

    assert (pairs.auc, draws.min(), draws.max()) == (1, 1, 1)


def test_the_worst_tenth_of_a_day_shares_its_edge() -> None:
    # Two of twenty are the tenth; three share the edge, one of them left.
    scores = [0.0] + [1.0] * 3 + [9.0] * 16
    rows = rows_of(*((place, 0, place in (0, 1, 19), scores[place]) for place in range(20)))

    found = worst_tenth(rows.predictors["score"], rows=rows)

    assert found is not None
    assert found.recall == pytest.approx((1 + 1 / 3) / 3)
    assert found.lift == pytest.approx(((1 + 1 / 3) / 2) / (3 / 20))


def test_tenths_are_of_each_day() -> None:
    rows = rows_of(
        *((place, day, False, place * (day + 1)) for place in range(20) for day in (0, 1))
    )

    found = tenths(rows.predictors["score"], rows=rows)

    for day in (0, 1):
        assert np.bincount(found[rows.days == day]).tolist() == [2] * 10
