"""Shapley's shares against the mean over all orders; the published set is in docs/published."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.answers.drivers import (
    DriversRefused,
    check_size,
    drivers_of_answers,
    drivers_of_correlations,
    relative_weights,
    shapley_shares,
)


def correlations_of(seed, *, drivers):
    table = np.random.default_rng(seed).normal(size=(60, drivers + 1))
    return np.corrcoef((table @ np.random.default_rng(seed + 1).normal(size=(drivers + 1,) * 2)).T)


def r_squared(matrix, members):
    if not members:
        return 0.0
    places = [each + 1 for each in members]
    weights = np.linalg.lstsq(matrix[np.ix_(places, places)], matrix[places, 0], rcond=None)[0]
    return float(weights @ matrix[places, 0])


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_a_share_is_what_a_driver_adds_over_all_orders(seed, drivers):
    matrix = correlations_of(seed, drivers=drivers)
    orders = list(permutations(range(drivers)))
    expected = np.zeros(drivers)
    for order in orders:
        for place, driver in enumerate(order):
            added = r_squared(matrix, order[: place + 1]) - r_squared(matrix, order[:place])
            expected[driver] += added / len(orders)

    [found] = shapley_shares(matrix[np.newaxis])
    assert found == pytest.approx(expected, abs=1e-6)
    whole = r_squared(matrix, range(drivers))
    assert found.sum() == pytest.approx(whole, abs=1e-6)
    assert relative_weights(matrix).sum() == pytest.approx(whole, abs=1e-6)


def test_drivers_that_do_not_go_along_with_each_other_have_the_squares_of_their_correlations():
    matrix = np.array([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]])

    assert shapley_shares(matrix[np.newaxis])[0] == pytest.approx([0.36, 0.09], abs=1e-9)
    assert relative_weights(matrix) == pytest.approx([0.36, 0.09])


def test_drivers_that_say_the_same_share_evenly():
    matrix = np.array([[1, 0.6, 0.6], [0.6, 1, 1], [0.6, 1, 1]])

    assert shapley_shares(matrix[np.newaxis])[0] == pytest.approx([0.18, 0.18], abs=1e-9)
    assert relative_weights(matrix) == pytest.approx([0.18, 0.18])


def answers(count, *, seed=3):
    rng = np.random.default_rng(seed)
    ratings = rng.integers(0, 11, (count, 2)).astype(float)
    return 0.7 * ratings[:, 0] + 0.2 * ratings[:, 1] + rng.normal(0, 1.5, count), ratings


def of_answers(scores, ratings, *, names=("price", "support")):
    return drivers_of_answers(scores, ratings=ratings, names=names, rng=np.random.default_rng(1))


def test_the_largest_share_comes_first_with_mean_and_interval():
    scores, ratings = answers(150)
    found = of_answers(scores, ratings[:, ::-1], names=("support", "price"))

    assert [each.name for each in found.drivers] == ["price", "support"]
    assert found.r_squared == pytest.approx(sum(each.shapley for each in found.drivers))
    for each, place in zip(found.drivers, (0, 1), strict=True):
        assert each.interval.low < each.shapley < each.interval.high
        assert each.mean == pytest.approx(ratings[:, place].mean())


def test_intervals_hold_the_share_of_a_large_world():
    """Sixty worlds of 150 answers; the truth is what 200,000 answers tell."""
    scores, ratings = answers(200_000, seed=1)
    matrix = np.corrcoef(np.column_stack([scores, ratings]).T)
    truth = {each.name: each.shapley for each in drivers_of_correlations(
        matrix, answers=len(scores), names=("price", "support")
    )}  # fmt: skip
    found = [of_answers(*answers(150, seed=seed)) for seed in range(100, 160)]
    held = [
        each.interval.low <= truth[each.name] <= each.interval.high
        for one in found
        for each in one.drivers
    ]

    assert 0.88 <= np.mean(held) <= 1


@pytest.mark.parametrize(
    ("count", "drivers", "said"),
    [(99, 1, "it takes 100"), (100, 11, "between 1 and 10"), (100, 0, "between 1 and 10")],
)
def test_too_little_to_tell_is_refused(count, drivers, said):
    with pytest.raises(DriversRefused, match=said):
        check_size(count, drivers=drivers)


def test_a_hundred_answers_are_enough_for_ten():
    check_size(100, drivers=10)


@pytest.mark.parametrize("column", [0, 1])
def test_what_never_differs_is_refused(column):
    scores, ratings = answers(100)
    ratings[:, column] = 4
    with pytest.raises(DriversRefused, match="all answers are 4"):
        of_answers(scores, ratings)
    with pytest.raises(DriversRefused, match="score: all answers are 9"):
        of_answers(np.full(100, 9.0), answers(100)[1])
