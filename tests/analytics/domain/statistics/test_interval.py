"""The quantile, the p value and the limits of a difference."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from analytics.domain.statistics.interval import (
    Estimate,
    Interval,
    mover,
    quantile,
    two_sided_p_value,
)


def test_quantile_is_two_sided():
    assert quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert quantile(0.99) == pytest.approx(2.575829, abs=1e-6)
    assert two_sided_p_value(1.959963984540054) == pytest.approx(0.05, abs=1e-12)
    assert two_sided_p_value(-1.0) == pytest.approx(2 * NormalDist().cdf(-1), abs=1e-12)


def test_mover_is_the_distance_of_independent_errors_and_shrinks_with_what_is_shared():
    now, before = Estimate(10, Interval(7, 14)), Estimate(2, Interval(-2, 5))

    assert mover(now, compared=before) == (8 - math.hypot(3, 3), 8 + math.hypot(4, 4))
    # Both move as one: what one errs, the other errs, too.
    assert mover(now, compared=before, rho=1.0) == (8, 8)
    low, high = mover(now, compared=before, rho=0.5)
    assert 8 - math.hypot(3, 3) < low < 8 < high < 8 + math.hypot(4, 4)
