from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.domain.statistics.weighted import weighted_means
from benchmarks.coverage.simulation import answers, mixes, truth
from tests.analytics.domain.oracles import values_of, weighted_nps

SCORES = [10, 9, 8, 6, 3, 10, 7, 0, 9, 9, 2, 10]
WEIGHTS = [1000, 500, 200, 800, 100, 50, 300, 50, 700, 650, 600, 900]
Z = 1.959963984540054


def found(values, weights):
    values, weights = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    groups = np.zeros(len(values), dtype=np.int64)
    mean, low, high, kish, _ = weighted_means(groups, values=values, weights=weights, size=1)
    return mean[0], low[0], high[0], kish[0]


def test_the_interval_is_the_adjusted_wald_of_the_linearised_error_on_kish_number():
    oracle = weighted_nps(SCORES, weights=WEIGHTS)
    mean, number = oracle.nps / 100, oracle.effective_responses
    second = number * (oracle.standard_error / 100) ** 2 + mean**2
    centre = number * mean / (number + 3)
    error = math.sqrt(((number * second + 1.5) / (number + 3) - centre**2) / (number + 3))

    assert found(values_of(SCORES), WEIGHTS) == pytest.approx(
        (mean, centre - Z * error, min(centre + Z * error, 1), number), rel=1e-12
    )


def test_few_large_customers_tell_too_little():
    """The eight answers of R's survey package: worth 4.42 of equal weight."""
    mean, low, high, kish = found(values_of(SCORES[:8]), WEIGHTS[:8])

    assert (mean, kish) == (pytest.approx(0.2), pytest.approx(4.422604, abs=5e-7))
    assert np.isnan([low, high]).all()


def test_nobody_with_weight_means_no_figure():
    assert np.isnan(found([1, -1], [0, 0])).all()
    assert found([1, -1], [2, 0])[0] == 1


def test_groups_are_those_of_each_alone():
    groups = np.array([0, 1] * 6)
    values, weights = values_of(SCORES), np.array(WEIGHTS, dtype=float)
    both = weighted_means(groups, values=values, weights=weights, size=3)

    for group in (0, 1):
        mine = groups == group
        alone = weighted_means(
            np.zeros(mine.sum(), dtype=np.int64), values=values[mine], weights=weights[mine], size=1
        )
        expected = [each[0] for each in alone]
        assert [each[group] for each in both] == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert np.isnan([each[2] for each in both]).all()


@pytest.mark.parametrize(("customers", "skew"), [(12, 0.0), (20, 0.5), (50, 0.7)])
def test_intervals_of_votes_cover_what_they_say(customers, skew):
    rng = np.random.default_rng(customers)
    covered = []
    for _ in range(600):
        sizes = rng.integers(1, 6, customers)
        rows = answers(rng, sizes, mixes(rng, customers, correlation=0.3))
        vote = (rows[:, 2] - rows[:, 0]) / sizes
        _, low, high, kish = found(vote, np.exp(rng.normal(0, skew, customers)))
        if kish >= 5:
            covered.append(100 * low <= truth() <= 100 * high)

    assert 0.93 <= np.mean(covered) <= 0.98
