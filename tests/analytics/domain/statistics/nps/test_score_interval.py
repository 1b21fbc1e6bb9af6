"""Published numbers: the R package NPS (development version), Rocks 2016, MeasuringU, cybaea."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.statistics.nps.counts import nps
from analytics.domain.statistics.nps.intervals import independent
from analytics.domain.statistics.nps.score_interval import score_limits
from surveys.domain.answers.scoring import MIN_RESPONSES
from tests.analytics.domain.oracles import (
    score_interval,
)
from tests.analytics.domain.statistics.nps.counted import EXACT, INTERVALS, answered, of


@pytest.mark.parametrize(("counts", "confidence", "wald", "adjusted", "score"), INTERVALS)
def test_score_interval_equals_the_published_one(counts, confidence, wald, adjusted, score):
    assert score_interval(counts, confidence=confidence) == pytest.approx(score, **EXACT)


@pytest.mark.parametrize(
    ("answers", "low"),
    [(1, -58.690137), (5, 13.103507), (10, 44.493440), (30, 77.297321), (100, 92.601300)],
)
def test_score_interval_where_all_answers_are_alike(answers, low):
    assert score_interval(of(0, 0, answers)) == pytest.approx((low, 100), **EXACT)
    assert score_interval(of(answers, 0, 0)) == pytest.approx((-100, -low), **EXACT)


def test_score_interval_of_passives_only_is_symmetric():
    z = 1.959963984540054
    limit = 100 * z**2 / (10 + z**2)

    assert score_interval(of(0, 10, 0)) == pytest.approx((-limit, limit), abs=1e-12)


def test_score_interval_is_where_the_score_test_just_rejects():
    """Tango's test statistic, with the restricted maximum found by brute force."""
    counts = of(3, 4, 8)
    n = counts.responses
    for limit, sign in zip(score_interval(counts), (1, -1), strict=True):
        delta = limit / 100
        lost = np.linspace(max(0, -delta), (1 - delta) / 2, 400_001)[1:-1]
        likelihood = (
            counts.detractors * np.log(lost)
            + counts.promoters * np.log(lost + delta)
            + counts.passives * np.log(1 - delta - 2 * lost)
        )
        share = lost[likelihood.argmax()]
        distance = (counts.promoters - counts.detractors - n * delta) / math.sqrt(
            n * (2 * share + delta - delta**2)
        )
        assert distance == pytest.approx(sign * 1.959964, abs=1e-4)


def test_carpentries_survey():
    counts = of(71, 317, 501)

    assert nps(counts) == pytest.approx(48.368954, **EXACT)
    assert score_interval(counts) == pytest.approx((44.043264, 52.458093), **EXACT)


def test_reportable_begins_at_the_minimum():
    assert independent(of(0, 0, MIN_RESPONSES)).reportable
    assert not independent(of(0, MIN_RESPONSES - 1, 0)).reportable
    assert MIN_RESPONSES == 10


def test_columns_equal_the_single_cells_and_empty_cells_are_nan():
    cells = [(1, 2, 3), (0, 0, 0), (0, 0, 10), (10, 0, 0), (0, 4, 0), (71, 317, 501)]
    detractors, passives, promoters = zip(*cells, strict=True)
    low, high = score_limits(detractors, passives=passives, promoters=promoters)

    assert np.isnan([low[1], high[1]]).all()
    for place, cell in enumerate(cells):
        if place != 1:
            assert (low[place], high[place]) == score_interval(of(*cell))


@given(answered)
def test_score_interval_contains_the_nps_and_stays_on_the_scale(counts):
    low, high = score_interval(counts)

    assert -100 <= low <= nps(counts) <= high <= 100
    assert low < high


@given(answered)
def test_mirrored_answers_give_the_mirrored_interval(counts):
    mirrored = of(counts.promoters, counts.passives, counts.detractors)
    low, high = score_interval(counts)

    assert nps(mirrored) == -nps(counts)
    assert score_interval(mirrored) == pytest.approx((-high, -low), abs=1e-9)


@given(answered, st.integers(min_value=2, max_value=20))
def test_more_answers_of_the_same_mix_narrow_the_interval(counts, times):
    more = of(counts.detractors * times, counts.passives * times, counts.promoters * times)
    low, high = score_interval(counts)
    low_more, high_more = score_interval(more)

    assert nps(more) == pytest.approx(nps(counts), abs=1e-9)
    assert high_more - low_more < high - low


@given(answered)
def test_wider_confidence_gives_a_wider_interval(counts):
    low, high = score_interval(counts, confidence=0.90)
    low_wide, high_wide = score_interval(counts, confidence=0.99)

    assert low_wide <= low
    assert high <= high_wide


def test_score_interval_covers_95_percent_by_full_enumeration():
    """Every outcome of 20 answers from a 15/30/55 company, weighted by its probability."""
    cells = [(d, p, 20 - d - p) for d in range(21) for p in range(21 - d)]
    detractors, passives, promoters = (np.array(column) for column in zip(*cells, strict=True))
    low, high = score_limits(detractors, passives=passives, promoters=promoters)
    chance = [
        math.factorial(20)
        / math.prod(math.factorial(count) for count in cell)
        * 0.15 ** cell[0]
        * 0.30 ** cell[1]
        * 0.55 ** cell[2]
        for cell in cells
    ]

    assert (np.array(chance) * ((low <= 40) & (high >= 40))).sum() == pytest.approx(0.951, abs=5e-4)
