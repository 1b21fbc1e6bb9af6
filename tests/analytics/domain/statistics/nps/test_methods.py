"""The intervals that are shown for comparison; the published ones are in docs/published."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multinomial
from scipy.stats import t as student

from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.methods import (
    Cells,
    Method,
    Mix,
    chances_of,
    coverage,
    every_outcome,
    false_alarms,
    limits_by,
)
from tests.analytics.domain.oracles import change, score_interval

MIX = Mix(0.2, 0.3, 0.5)


def cells(*counts):
    return Cells(*(np.array([float(each)]) for each in counts))


def test_the_interval_of_the_trinomial_mean():
    low, high = limits_by(Method.TRINOMIAL_T, cells(2, 3, 5))
    reach = 100 * student.ppf(0.975, 9) * np.sqrt((0.7 - 0.09) / 9)

    assert (low[0], high[0]) == pytest.approx((30 - reach, 30 + reach))


def test_one_more_at_both_ends():
    low, high = limits_by(Method.BONETT_PRICE, cells(2, 3, 5))
    wald = limits_by(Method.WALD, cells(3, 3, 6))

    assert (low[0], high[0]) == pytest.approx((wald[0][0], wald[1][0]))


def test_shares_taken_as_independent_are_narrower():
    low, high = limits_by(Method.INDEPENDENT_SHARES, cells(20, 30, 50))
    wald = limits_by(Method.WALD, cells(20, 30, 50))

    assert wald[0][0] < low[0] < high[0] < wald[1][0]


def test_every_outcome_has_its_probability():
    outcomes = every_outcome(6)
    chances = chances_of(outcomes, MIX)

    assert len(chances) == 28
    assert chances == pytest.approx(multinomial.pmf(np.column_stack(outcomes), 6, MIX))
    assert chances_of(outcomes, Mix(0, 0, 1)).max() == 1


def counts_of(row):
    lost, neutral, won = (int(each) for each in row)
    return Counts(detractors=lost, passives=neutral, promoters=won)


def test_coverage_adds_up_the_outcomes_whose_interval_holds_the_truth():
    held = 0.0
    for row in zip(*every_outcome(7), strict=True):
        low, high = score_interval(counts_of(row))
        held += multinomial.pmf(row, 7, MIX) if low <= 30 <= high else 0

    assert coverage([MIX], answers=7, method=Method.SCORE) == pytest.approx([held])


def test_a_false_alarm_of_mover_is_an_interval_without_zero():
    chances = 0.0
    for one in zip(*every_outcome(5), strict=True):
        for other in zip(*every_outcome(3), strict=True):
            found = change(counts_of(one), compared=counts_of(other))
            if found.low > 1e-9 or found.high < -1e-9:
                chances += multinomial.pmf(one, 5, MIX) * multinomial.pmf(other, 3, MIX)

    assert false_alarms(MIX, answers=(5, 3))["mover"] == pytest.approx(chances)
