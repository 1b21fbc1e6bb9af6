from __future__ import annotations

import numpy as np
import pytest

from analytics.domain.statistics.bootstrap import (
    DRAWS,
    MOST_DRAWN,
    SEED,
    drawn_sums,
    kish_of,
    limits_of,
)


def test_a_draw_takes_as_many_customers_as_there_are_and_each_as_often_as_it_falls() -> None:
    """Against a plain loop over the first draws."""
    values = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 50.0]])
    chance = np.random.default_rng(SEED)
    expected = [values[chance.integers(0, 3, 3)].sum(axis=0) for _ in range(5)]

    found = drawn_sums(values)

    assert found.shape == (DRAWS, 2)
    assert found[:5].tolist() == [each.tolist() for each in expected]
    assert (drawn_sums(values) == found).all()


def test_of_many_customers_the_spread_is_that_of_all_of_them() -> None:
    values = np.random.default_rng(1).lognormal(0, 1, (3 * MOST_DRAWN, 1))
    plain = np.sqrt(((values - values.mean()) ** 2).sum())

    found = drawn_sums(values)

    assert found.mean() == pytest.approx(values.sum(), rel=0.002)
    assert found.std() == pytest.approx(plain, rel=0.06)


def test_limits_are_percentiles_moved_outwards_by_how_few_customers_there_are() -> None:
    drawn = np.linspace(0, 1, DRAWS)

    many = limits_of(drawn, value=0.5, kish=1e6)
    few = limits_of(drawn, value=0.5, kish=10)

    assert many == pytest.approx((0.025, 0.975), abs=0.001)
    # Student's t with 9 degrees of freedom is 2.262, and 10 / 9 more in the variance.
    assert few == pytest.approx((0.0086, 0.9914), abs=0.001)
    assert limits_of(drawn, value=0.5, kish=1e6, widen=1.2) == pytest.approx(
        (-0.07, 1.07), abs=0.01
    )


def test_where_nobody_moved_and_where_there_is_no_end_there_is_no_limit() -> None:
    assert limits_of(np.ones(DRAWS), value=1.0, kish=20) == (None, None)
    assert limits_of(np.array([]), value=1.0, kish=20) == (None, None)
    endless = np.concatenate([np.linspace(1, 2, DRAWS // 2), np.full(DRAWS // 2, np.inf)])
    low, high = limits_of(endless, value=2.0, kish=100)
    assert low == pytest.approx(1.05, abs=0.02)
    assert high is None


def test_kishs_number() -> None:
    assert kish_of(np.array([2.0, 2.0, 2.0])) == pytest.approx(3)
    assert kish_of(np.array([3.0, 1.0])) == pytest.approx(1.6)
    assert kish_of(np.zeros(2)) == 0
