"""Scores against hand-made sums and a plain loop."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.health.formulas.formula import CapReason, Formula
from analytics.domain.health.scoring import Scores, band_places, mid_ranks, score
from tests.analytics.domain.health.formulas.made import formula_of

NAN = math.nan


def scored(formula: Formula, *rows: list[float], **fields: Any) -> Scores:
    values = np.array(rows, dtype=float)
    fields.setdefault("too_new", np.zeros(len(rows), dtype=bool))
    return score(formula, values, **fields)


def test_points_are_straight_between_knots_and_flat_outside() -> None:
    knots = [[0, 0], [6, 20], [8, 60], [10, 100]]
    formula = formula_of({"points": knots})

    found = scored(formula, [-1], [0], [3], [7], [10], [12])

    assert found.score.tolist() == [0, 0, 10, 40, 100, 100]


def test_the_worked_example() -> None:
    """7 is 40 points of weight 30, 50 is 50 points of weight 10: (1,200 + 500) / 40."""
    formula = formula_of({"points": [[6, 20], [8, 60]], "weight": 30}, {"weight": 10})

    found = scored(formula, [7, 50])

    assert found.score.tolist() == [pytest.approx(42.5)]
    assert found.contributions.tolist() == [[pytest.approx(30), pytest.approx(12.5)]]
    assert found.weights.tolist() == [[30, 10]]
    assert formula.bands[found.bands[0]].name == "watch"


def test_weights_are_shared_out_over_what_is_known() -> None:
    formula = formula_of({"weight": 60}, {"weight": 20}, {"weight": 20})

    found = scored(formula, [50, NAN, 100], [NAN, 50, 100], [50, 50, NAN])

    assert found.known_share.tolist() == pytest.approx([0.8, 0.4, 0.8])
    assert found.score[0] == pytest.approx((60 * 50 + 20 * 100) / 80)
    # 0.4 of the weight is known, and 0.6 is asked for.
    assert math.isnan(found.score[1])
    assert (found.bands[1], found.score[2]) == (-1, pytest.approx(50))
    assert found.weights[0].tolist() == pytest.approx([75, 0, 25])


def test_exactly_the_least_share_is_enough() -> None:
    formula = formula_of({"weight": 0.1}, {"weight": 0.2}, {"weight": 0.2}, min_known_share=0.6)

    assert not math.isnan(scored(formula, [1, 1, NAN]).score[0])


def test_a_cap_is_shown_as_a_cap() -> None:
    formula = formula_of({})
    held = {CapReason.OPEN_FOLLOW_UP: np.array([True, True, False])}

    found = scored(formula, [90], [30], [90], capped=held)

    assert found.score.tolist() == [50, 30, 90]
    assert found.uncapped.tolist() == [90, 30, 90]
    # Who was below it anyway is not held by it.
    assert found.caps.tolist() == [0, -1, -1]


def test_whoever_is_too_new_has_no_score_and_no_place_among_the_others() -> None:
    formula = formula_of({"points": "percentile"})

    found = scored(formula, [1], [2], [3], too_new=np.array([False, False, True]))

    assert found.score[:2].tolist() == [25, 75]
    assert math.isnan(found.score[2])


def test_a_constant_measure_is_fifty_for_everybody() -> None:
    formula = formula_of({"points": "percentile"})

    assert scored(formula, [7], [7], [7]).score.tolist() == [50, 50, 50]
    assert scored(formula, [7]).score.tolist() == [50]


def test_low_is_good_where_the_measure_says_so() -> None:
    formula = formula_of({"points": "percentile", "direction": "low_is_good"})

    assert scored(formula, [1], [2], [2], [3]).score.tolist() == [87.5, 50, 50, 12.5]


def test_a_band_begins_with_its_own_limit() -> None:
    formula = formula_of({})

    places = band_places(formula, np.array([100, 70, 69.999, 40, 39.9, 0, NAN]))

    assert places.tolist() == [0, 0, 1, 1, 2, 2, -1]


def test_nobody_gives_no_scores() -> None:
    assert score(formula_of({}), np.empty((0, 1)), too_new=np.empty(0, dtype=bool)).score.size == 0


@given(st.lists(st.integers(0, 5) | st.none(), min_size=1, max_size=30))
def test_mid_ranks_are_those_of_a_plain_loop(given_values: list[int | None]) -> None:
    values = np.array([NAN if each is None else each for each in given_values], dtype=float)
    known = [each for each in given_values if each is not None]

    found = mid_ranks(values, among=values)

    for value, rank in zip(given_values, found, strict=True):
        if value is None:
            assert math.isnan(rank)
        else:
            lower = sum(each < value for each in known) + 0.5 * sum(each == value for each in known)
            assert rank == pytest.approx(100 * lower / len(known))


NUMBERS = st.floats(-200, 200) | st.just(NAN)


@given(
    rows=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=20),
    weights=st.tuples(*[st.floats(0.1, 50)] * 3),
)
def test_scores_are_those_of_a_plain_loop(
    rows: list[tuple[float, float, float]], weights: tuple[float, float, float]
) -> None:
    formula = formula_of(*({"weight": weight} for weight in weights), min_known_share=0.5)

    found = scored(formula, *map(list, rows)).score

    for row, result in zip(rows, found, strict=True):
        known = [(min(max(v, 0), 100), w) for v, w in zip(row, weights, strict=True) if v == v]
        weight = sum(each for _, each in known)
        if weight / sum(weights) < 0.5 - 1e-6:
            assert math.isnan(result)
        elif weight / sum(weights) > 0.5 + 1e-6:
            assert result == pytest.approx(sum(p * w for p, w in known) / weight, abs=1e-6)
            assert 0 <= result <= 100
