"""Beside the plain Wald interval, which is too narrow."""

from __future__ import annotations

import pytest

from analytics.domain.statistics.nps.counts import nps
from tests.analytics.domain.oracles import (
    adjusted_wald_interval,
    wald_interval,
)
from tests.analytics.domain.statistics.nps.counted import EXACT, INTERVALS, of


@pytest.mark.parametrize(("counts", "confidence", "wald", "adjusted", "score"), INTERVALS)
def test_adjusted_wald_equals_the_published_one(counts, confidence, wald, adjusted, score):
    assert wald_interval(counts, confidence=confidence) == pytest.approx(wald, **EXACT)
    found = adjusted_wald_interval(counts, confidence=confidence, clip=False)
    assert found == pytest.approx(adjusted, **EXACT)


def test_adjusted_wald_interval_is_clipped_unless_told():
    assert adjusted_wald_interval(of(0, 0, 10)).high == 100
    assert adjusted_wald_interval(of(10, 0, 0)).low == -100


def test_wald_interval_of_published_surveys():
    # Market Strategies: 20 plus or minus 6.6; cybaea: equal thirds have the width 320 / sqrt(n).
    survey = of(100, 200, 200)
    low, high = wald_interval(survey)
    assert nps(survey) == 20
    assert (high - low) / 2 == pytest.approx(6.559294, **EXACT)

    low, high = wald_interval(of(1024 / 3, 1024 / 3, 1024 / 3))
    assert high - low == pytest.approx(10.001899, **EXACT)
