from __future__ import annotations

import pytest

from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.sample_size import (
    answers_for_difference,
    answers_for_margin,
    variance,
)


def test_the_published_sizes() -> None:
    spread = variance(Counts(detractors=15, passives=30, promoters=55))

    assert spread == pytest.approx(0.54)
    assert [answers_for_margin(points, spread=spread) for points in (5, 10, 20)] == [827, 205, 49]
    found = [answers_for_difference(points, spreads=(spread, spread)) for points in (10, 20)]
    assert found == [845, 209]


def test_no_answer_tells_of_no_spread_and_takes_the_largest() -> None:
    assert variance(Counts()) == 1.0
    assert answers_for_margin(10, spread=variance(Counts())) == 382


def test_clustered_answers_are_needed_so_many_times_more() -> None:
    assert answers_for_margin(20, spread=0.54, design_effect=2.0) == 98
    assert answers_for_margin(100, spread=0.54) == 1
