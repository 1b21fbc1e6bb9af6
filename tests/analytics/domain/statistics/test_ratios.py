from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from analytics.domain.statistics.ratios import Ratio, change_of_ratio, ratio_of

# statistics.md 8.5: eight rows with their weights; the ratio is a weighted mean.
SCORES = [1, 1, 0, -1, -1, 1, 0, -1]
WEIGHTS = [1000, 500, 200, 800, 100, 50, 300, 50]
customers = st.lists(st.tuples(st.floats(1, 1000), st.floats(0, 2)), min_size=12, max_size=40).map(
    lambda rows: (np.array([w for w, _ in rows]), np.array([w * r for w, r in rows]))
)


def test_error_is_that_of_r_survey():
    """Published error 47.091940; Kish 4.42 is too few, so the rows are given ten times."""
    weights = np.array(WEIGHTS * 10, dtype=float)
    parts = weights * np.array(SCORES * 10)

    found = ratio_of(parts, wholes=weights)

    assert found.value == pytest.approx(0.2)
    # The same sum of squares over ten times the rows, with n / (n - 1) of 80 for that of 8.
    expected = 0.47091940 / np.sqrt(10) * np.sqrt((80 / 79) / (8 / 7))
    assert found.error == pytest.approx(expected, abs=5e-8)


def test_revenue_that_few_carry_has_no_interval():
    found = ratio_of(np.array(WEIGHTS) * np.array([1.2, 1] * 4), wholes=WEIGHTS)

    assert found.value > 1
    assert found.error is None
    assert found.interval() is None


@given(customers)
def test_value_is_the_weighted_mean(rows):
    start, now = rows

    found = ratio_of(now, wholes=start)

    assert found.value == pytest.approx(DescrStatsW(now / start, weights=start).mean)
    if found.error is not None:
        interval = found.interval()
        assert 0 <= interval.low <= found.value <= interval.high


@given(customers, st.integers())
def test_order_of_customers_does_not_matter(rows, seed):
    start, now = rows
    order = np.random.default_rng(abs(seed)).permutation(len(start))

    first, second = ratio_of(now, wholes=start), ratio_of(now[order], wholes=start[order])

    assert first.value == pytest.approx(second.value)
    assert (first.error is None) == (second.error is None)


def test_customers_without_revenue_at_start_do_not_count():
    start, now = [100.0] * 12 + [0.0], [100.0] * 11 + [0.0, 500.0]

    assert ratio_of(now, wholes=start).value == pytest.approx(11 / 12)
    assert ratio_of([5.0], wholes=[0.0]) is None
    assert ratio_of(pd.Series(dtype=float), wholes=pd.Series(dtype=float)) is None


def test_where_nobody_moved_the_spread_is_not_known():
    assert ratio_of([100.0] * 20, wholes=[100.0] * 20) == Ratio(1.0, None)
    assert ratio_of([110.0, 33.0] * 20, wholes=[100.0, 30.0] * 20).error is None


def test_change_stands_on_both_errors():
    found = change_of_ratio(Ratio(1.1, 0.03), compared=Ratio(1.0, 0.04))

    assert found.difference == pytest.approx(0.1)
    assert (found.low, found.high) == pytest.approx((0.1 - 0.0979982, 0.1 + 0.0979982))
    assert found.p_value == pytest.approx(0.0455003)
    assert change_of_ratio(Ratio(1.1, None), compared=Ratio(1.0, 0.04)) is None
    assert change_of_ratio(None, compared=Ratio(1.0, 0.04)) is None


@pytest.mark.parametrize("rise", [True, False])
def test_intervals_cover_what_they_say(rise):
    """A tenth leaves, two tenths pay less and two tenths more, whatever they pay."""
    rng = np.random.default_rng(7)
    covered = []
    for _ in range(600):
        start = np.exp(rng.normal(0, 1, 140))
        fate = rng.choice([0.0, 0.7, 1.0, 1.3 if rise else 1.0], p=[0.1, 0.2, 0.5, 0.2], size=140)
        found = ratio_of(start * fate, wholes=start)
        if interval := found.interval() if rise else found.share_interval():
            covered.append(interval.low <= (0.9 if rise else 0.84) <= interval.high)

    assert 0.93 <= np.mean(covered) <= 0.975


def test_a_share_of_revenue_has_the_wilson_interval_of_cases_of_the_same_error():
    start = np.array([100.0] * 30)
    kept = np.where(np.arange(30) < 27, start, 0.0)
    found = ratio_of(kept, wholes=start)
    z, t = 1.959963984540054, 2.045229642132703
    number = 29 * (z / t) ** 2

    low, high = found.share_interval()

    assert (low, high) == pytest.approx(proportion_confint(0.9 * number, number, method="wilson"))
    assert low < found.interval().low
    assert high < 1 < found.interval().high
    assert ratio_of([100.0] * 20, wholes=[100.0] * 20).share_interval() is None


def test_the_interval_is_as_wide_where_no_large_customer_happened_to_leave():
    start = np.array([1000.0] * 4 + [100.0] * 120)
    small_left = np.where(np.arange(124) < 112, start, 0.0)

    found = ratio_of(small_left, wholes=start)

    assert found.pooled_error > 1.5 * found.error
    assert found.value - found.interval().low > 1.96 * found.pooled_error
