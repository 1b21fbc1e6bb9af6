"""The figure itself."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from analytics.domain.statistics.nps.counts import Counts, nps
from tests.analytics.domain.oracles import (
    adjusted_wald_interval,
    change,
    score_interval,
    variance,
    wald_interval,
)
from tests.analytics.domain.statistics.nps.counted import EXACT, any_counts, of


@pytest.mark.parametrize(
    ("counts", "points", "spread", "error"),
    [
        (of(1, 2, 3), 33.333333, 0.555556, 0.304290),
        (of(1, 0, 0), -100, 0, 0),
        (of(0, 0, 1), 100, 0, 0),
        (of(0, 1, 0), 0, 0, 0),
        (of(1, 0, 1), 0, 1, 0.707107),
    ],
)
def test_nps_variance_and_standard_error(counts, points, spread, error):
    assert nps(counts) == pytest.approx(points, **EXACT)
    assert variance(counts) == pytest.approx(spread, **EXACT)
    assert math.sqrt(variance(counts) / counts.responses) == pytest.approx(error, **EXACT)


def test_variance_has_the_covariance_of_the_shares_inside():
    # Huber on Cross Validated: 5/9 and 4.1 points. Independent shares would give 7/18.
    counts = of(54, 108, 162)

    assert variance(counts) == pytest.approx(5 / 9, abs=1e-12)
    assert 100 * math.sqrt(variance(counts) / 324) == pytest.approx(4.140867, **EXACT)


def test_nothing_is_known_about_no_answers():
    nobody = Counts()

    assert nps(nobody) is None
    assert variance(nobody) is None
    assert wald_interval(nobody) is None
    assert adjusted_wald_interval(nobody) is None
    assert score_interval(nobody) is None
    assert change(nobody, compared=of(1, 2, 3)) is None
    assert change(of(1, 2, 3), compared=nobody) is None


def test_zero_is_printed_without_a_minus():
    assert str(nps(of(3, 0, 3))) == "0.0"


@given(any_counts, any_counts)
def test_merged_groups_add_their_answers(one, other):
    merged = one + other

    assert merged.responses == one.responses + other.responses
    if one.responses and other.responses:
        between = sorted([nps(one), nps(other)])
        assert between[0] - 1e-9 <= nps(merged) <= between[1] + 1e-9
