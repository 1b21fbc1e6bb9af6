from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.domain.statistics.nps.counts import nps
from analytics.domain.statistics.nps.intervals import Sample, correlation, intervals
from analytics.domain.statistics.nps.stratified import Stratum, stratified
from benchmarks.coverage.simulation import (
    answers,
    mixes,
    sample_of,
    shared_of,
    truth,
)

JA = np.array([[3, 2, 0], [1, 1, 1], [0, 1, 4], [2, 0, 0], [0, 3, 1], [1, 2, 2]])
EN = np.array([[1, 2, 2], [0, 0, 3], [0, 1, 1], [1, 0, 2], [0, 2, 3], [1, 1, 4]])


def test_the_figure_weighs_each_stratum_by_its_share():
    ja, en = sample_of(JA), sample_of(EN)

    found = stratified([Stratum(0.7, ja), Stratum(0.3, en)], shared={})

    assert found.nps == pytest.approx(0.7 * nps(ja.counts) + 0.3 * nps(en.counts))
    assert found.n_effective == pytest.approx(
        1 / (0.7**2 / ja.n_effective() + 0.3**2 / en.n_effective())
    )
    (low, _), (other, _) = intervals([ja, en])
    down = math.hypot(0.7 * (nps(ja.counts) - low), 0.3 * (nps(en.counts) - other))
    assert found.interval.low == pytest.approx(found.nps - down)


def test_one_stratum_alone_is_itself():
    found = stratified([Stratum(1.0, sample_of(JA))], shared={})

    assert found.interval == pytest.approx(intervals([sample_of(JA)])[0])


def test_customers_in_two_strata_widen_the_interval():
    strata = [Stratum(0.5, sample_of(JA)), Stratum(0.5, sample_of(JA))]
    apart = stratified(strata, shared={}).interval
    both = stratified(strata, shared={(0, 1): shared_of(JA, JA)}).interval

    assert correlation(
        strata[0].sample, strata[1].sample, shared=shared_of(JA, JA)
    ) == pytest.approx(1)
    assert both == pytest.approx(intervals([sample_of(JA)])[0])
    assert both.low < apart.low < apart.high < both.high


def test_a_stratum_without_an_answer_leaves_it_unknown():
    assert stratified([Stratum(0.5, sample_of(JA)), Stratum(0.5, Sample())], shared={}) is None
    assert stratified([], shared={}) is None


def test_too_few_and_one_customer_have_no_interval():
    few, alone = sample_of(JA[:2]), sample_of(JA[:1])

    assert stratified([Stratum(1.0, few)], shared={}).interval is None
    assert stratified([Stratum(1.0, alone)], shared={}) == (nps(alone.counts), None, None)


def test_intervals_cover_what_they_say():
    """The same customers answer in both languages; seven tenths were asked in the first."""
    rng = np.random.default_rng(7)
    covered = []
    for _ in range(600):
        mix = mixes(rng, 20, correlation=0.3)
        rows = [answers(rng, rng.integers(0, most, 20), mix) for most in (6, 4)]
        strata = [
            Stratum(share, sample_of(each)) for share, each in zip((0.7, 0.3), rows, strict=True)
        ]
        found = stratified(strata, shared={(0, 1): shared_of(*rows)})
        covered.append(found.interval.low <= truth() <= found.interval.high)

    assert 0.93 <= np.mean(covered) <= 0.975
