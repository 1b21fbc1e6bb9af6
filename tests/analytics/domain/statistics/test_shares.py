"""statsmodels is the oracle of independent answers; of others, a seeded simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    test_proportions_2indep,
)

from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Other, Sample, Shared, independent
from analytics.domain.statistics.shares import share_change, share_of

pairs = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
test_proportions_2indep.__test__ = False


def sample(part: int, whole: int) -> Sample:
    return independent(Counts(promoters=part, passives=whole - part))


def clustered(answers: np.ndarray) -> Sample:
    """A row per customer, 1 for each answer that counts."""
    y, n = answers.sum(axis=1), np.full(len(answers), answers.shape[1])
    sums = {"yy": y @ y, "yn": y @ n, "nn": n @ n}
    part, whole = int(y.sum()), int(n.sum())
    counts = Counts(promoters=part, passives=whole - part)
    return Sample(counts=counts, customers=len(n), **{k: int(v) for k, v in sums.items()})


@given(pairs)
def test_answers_of_different_customers_have_wilsons_interval(pair):
    found = share_of(sample(*pair))

    assert found.limits == pytest.approx(proportion_confint(*pair, method="wilson"), abs=1e-12)
    assert (found.rate, found.number) == (pair[0] / pair[1], pair[1])


@pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels")
@given(pairs, pairs)
def test_change_without_common_customers_is_newcombes_and_agresti_caffos(now, before):
    found = share_change(sample(*now), compared=Other(sample(*before)))

    assert (found.low, found.high) == pytest.approx(
        confint_proportions_2indep(*now, *before, method="newcomb", compare="diff"), abs=1e-12
    )
    oracle = test_proportions_2indep(
        *now, *before, method="agresti-caffo", compare="diff", return_results=True
    )
    assert found.p_value == pytest.approx(oracle.pvalue, abs=1e-9)


def test_nobody_and_one_customer_tell_nothing():
    assert share_of(Sample()) is None
    assert share_of(clustered(np.array([[1, 0, 1]]))) is None
    assert share_change(sample(3, 9), compared=Other(Sample())) is None


def test_the_same_customers_with_the_same_answers_have_not_changed():
    given_ = np.array([[1, 0], [0, 0], [1, 1], [1, 0], [0, 1]])
    one = clustered(given_)
    shared = Shared(one.yy, one.yn, one.yn, one.nn)

    found = share_change(one, compared=Other(one, shared))

    assert found.difference == 0
    assert found.p_value == 1.0
    assert (found.low, found.high) == pytest.approx((0, 0), abs=1e-9)
    assert share_change(one, compared=Other(one)).high > 0.3


def drawn(rng: np.random.Generator, *, customers: int, answers: int, rate: float) -> np.ndarray:
    """Beta-binomial: answers of one customer correlate by 0.3."""
    spread = 1 / 0.3 - 1
    of_customer = rng.beta(rate * spread, (1 - rate) * spread, size=(customers, 1))
    return (rng.random((customers, answers)) < of_customer).astype(int)


@pytest.mark.parametrize(("customers", "answers"), [(20, 5), (50, 2), (10, 10)])
def test_intervals_cover_where_answers_of_one_customer_resemble_each_other(customers, answers):
    rng, rate, draws = np.random.default_rng(11), 0.6, 1500
    inside = plain = 0
    for _ in range(draws):
        found = clustered(drawn(rng, customers=customers, answers=answers, rate=rate))
        low, high = share_of(found).limits
        inside += low <= rate <= high
        counts = found.counts
        low, high = proportion_confint(counts.promoters, counts.responses, method="wilson")
        plain += low <= rate <= high

    assert 0.93 <= inside / draws <= 0.975
    assert plain / draws < 0.93
