"""Answers of one customer resemble each other: formulas against oracles, then simulated worlds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS

from analytics.domain.statistics.nps.counts import Counts, nps
from analytics.domain.statistics.nps.intervals import (
    Other,
    Sample,
    change,
    correlation,
    independent,
    intervals,
)
from benchmarks.coverage.simulation import (
    answers,
    mixes,
    sample_of,
    shared_of,
    truth,
)
from tests.analytics.domain.oracles import adjusted_wald_interval, score_interval

# Detractors, passives, promoters of each customer.
ROWS = np.array([[0, 1, 4], [3, 2, 0], [1, 1, 1], [0, 0, 6], [2, 3, 1], [0, 2, 0]])
customers = st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=1, max_size=12).filter(
    lambda rows: sum(map(sum, rows)) > 0
)


def values_of(rows):
    """Each answer as -1, 0 or +1, and its customer."""
    pairs = [
        (value, place)
        for place, row in enumerate(rows)
        for value, count in zip((-1, 0, 1), row, strict=True)
        for _ in range(count)
    ]
    values, owners = zip(*pairs, strict=True)
    return np.array(values, dtype=float), np.array(owners)


def test_spread_is_the_cluster_robust_error_of_a_mean():
    values, owners = values_of(ROWS)
    fit = OLS(values, np.ones_like(values)).fit(cov_type="cluster", cov_kwds={"groups": owners})
    plain = OLS(values, np.ones_like(values)).fit()
    sample, m = sample_of(ROWS), len(ROWS)

    assert m / (m - 1) * sample.spread == pytest.approx(fit.bse[0] ** 2, rel=1e-12)
    assert sample.design_effect == pytest.approx((fit.bse[0] / plain.bse[0]) ** 2, rel=1e-12)


def test_effective_number_has_the_quotient_of_t_quantiles():
    sample = sample_of(ROWS)
    n, m = sample.counts.responses, sample.customers
    quotient = stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, m - 1)

    assert sample.n_effective() == pytest.approx(n / sample.design_effect * quotient**2)
    assert sample.n_effective() < n / sample.design_effect < n


def test_interval_is_the_score_interval_of_the_effective_answers():
    sample = sample_of(ROWS)
    share = sample.n_effective() / sample.counts.responses
    counts = sample.counts
    effective = Counts(
        detractors=counts.detractors * share,
        passives=counts.passives * share,
        promoters=counts.promoters * share,
    )

    [found] = intervals([sample])

    assert found == pytest.approx(score_interval(effective), abs=1e-9)
    plain = score_interval(counts)
    assert found.low < plain.low < nps(counts) < plain.high < found.high


def test_one_answer_of_each_customer_changes_nothing():
    rows = np.eye(3, dtype=int)[[0, 1, 1, 2, 2, 2, 2]]
    sample = sample_of(rows)

    assert sample == independent(Counts(detractors=1, passives=2, promoters=4))
    assert (sample.design_effect, sample.n_effective()) == (1.0, 7.0)
    assert intervals([sample]) == [score_interval(sample.counts)]


def test_one_customer_cannot_tell():
    alone = sample_of(np.array([[2, 3, 9]]))

    assert (alone.design_effect, alone.n_effective()) == (None, None)
    assert intervals([alone, Sample()]) == [None, None]
    assert change(alone, compared=Other(sample_of(ROWS))) is None
    assert not alone.reportable


def test_a_single_answer_has_its_interval():
    single = sample_of(np.array([[0, 0, 1]]))

    assert intervals([single]) == [score_interval(Counts(promoters=1))]


def test_where_all_are_of_one_category_the_customers_count():
    sample = sample_of(np.array([[0, 0, 4]] * 5))

    assert sample.n_effective() == 5
    assert intervals([sample]) == [score_interval(Counts(promoters=5))]


def test_answers_that_differ_inside_customers_are_not_worth_more_than_their_number():
    sample = sample_of(np.array([[1, 0, 1]] * 10))

    assert sample.design_effect == 1
    assert sample.n_effective() < 20


def test_reportable_takes_ten_answers_of_five_customers():
    assert sample_of(np.array([[0, 0, 2]] * 5)).reportable
    assert not sample_of(np.array([[0, 0, 3]] * 4)).reportable
    assert not sample_of(np.array([[0, 0, 1]] * 9)).reportable


def test_correlation_is_that_of_the_customers_sums():
    before, after = ROWS, ROWS[[0, 2, 1, 3, 4, 5]]
    one, other = sample_of(after), sample_of(before)
    a, b = (
        (each[:, 2] - each[:, 0] - sample.mean * each.sum(axis=1)) / each.sum()
        for each, sample in ((after, one), (before, other))
    )

    found = correlation(one, other, shared=shared_of(after, before))

    assert found == pytest.approx((a @ b) / math.sqrt((a @ a) * (b @ b)), rel=1e-12)
    assert 0 < found < 1
    assert correlation(one, other, shared=shared_of(after, before[::-1])) >= 0


def test_the_same_customers_in_both_periods_narrow_the_change():
    before, after = ROWS, ROWS + np.array([[0, 0, 1]])
    one, other = sample_of(after), sample_of(before)
    apart = change(one, compared=Other(other))
    paired = change(one, compared=Other(other, shared_of(after, before)))

    assert paired.difference == apart.difference
    assert apart.low < paired.low < paired.difference < paired.high < apart.high
    assert paired.p_value < apart.p_value


def test_p_value_is_that_of_the_adjusted_wald_on_effective_numbers():
    one, other = sample_of(ROWS), sample_of(ROWS[:, ::-1])
    error, centre = [], []
    for each in (one, other):
        share = each.n_effective() / each.counts.responses
        counts = [share * getattr(each.counts, name) for name in Counts.__dataclass_fields__]
        low, high = adjusted_wald_interval(
            Counts(**dict(zip(Counts.__dataclass_fields__, counts, strict=True))), clip=False
        )
        centre.append((low + high) / 2)
        error.append((high - low) / 2 / 1.959963984540054)
    z = (centre[0] - centre[1]) / math.hypot(*error)

    found = change(one, compared=Other(other))

    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)


def test_everybody_answering_the_same_again_is_no_change():
    sample = sample_of(ROWS)

    found = change(sample, compared=Other(sample, shared_of(ROWS, ROWS)))

    assert (found.difference, found.p_value) == (0, 1)
    assert found.low <= 0 <= found.high


@given(customers)
def test_interval_contains_the_nps_and_is_never_narrower_than_without_clusters(rows):
    sample = sample_of(np.array(rows))
    [found] = intervals([sample])
    if found is not None:
        low, high = score_interval(sample.counts)
        assert -100 <= found.low <= low + 1e-9
        assert high - 1e-9 <= found.high <= 100


@given(customers, st.randoms(use_true_random=False))
def test_order_of_customers_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert sample_of(np.array(shuffled)) == sample_of(np.array(rows))


@given(customers, customers)
def test_other_customers_are_added_up(rows, more):
    assert sample_of(np.array(rows)) + sample_of(np.array(more)) == sample_of(
        np.array([*rows, *more])
    )


# Customers, answers of each, correlation inside of customers; statistics.md 1.7.
SETTINGS = [(20, 5, 0.3), (10, 10, 0.3), (5, 20, 0.3), (50, 2, 0.3), (100, 1, 0.0)]
DRAWS = 600


@pytest.mark.parametrize(("customers", "each", "icc"), SETTINGS)
def test_intervals_cover_what_they_say(customers, each, icc):
    rng = np.random.default_rng(customers)
    samples = [
        sample_of(answers(rng, [each] * customers, mixes(rng, customers, correlation=icc)))
        for _ in range(DRAWS)
    ]

    covered = [low <= truth() <= high for low, high in intervals(samples)]

    assert 0.93 <= np.mean(covered) <= 0.975
    if icc:
        # What was shown before: each answer as one of its own.
        plain = intervals([independent(sample.counts) for sample in samples])
        assert np.mean([low <= truth() <= high for low, high in plain]) < 0.93


@pytest.mark.parametrize(("customers", "each"), [(20, 5), (10, 10), (5, 20), (60, 3)])
def test_rose_and_fell_are_rarely_said_of_customers_that_did_neither(customers, each):
    rng = np.random.default_rng(each)
    found, plain = [], []
    for _ in range(DRAWS):
        mix = mixes(rng, customers, correlation=0.3)
        rows = [answers(rng, [each] * customers, mix) for _period in range(2)]
        now, before = map(sample_of, rows)
        found.append(change(now, compared=Other(before, shared_of(*rows))))
        # The customers' mixes are drawn anew: whoever asks whether customers of this kind changed.
        others = answers(rng, [each] * customers, mixes(rng, customers, correlation=0.3))
        plain.append(
            change(independent(now.counts), compared=Other(independent(sample_of(others).counts)))
        )

    covered = [each.low <= 0 <= each.high for each in found]
    assert 0.93 <= np.mean(covered) <= 0.975
    assert np.mean([each.p_value < 0.05 for each in found]) < 0.065
    assert np.mean([each.p_value < 0.05 for each in plain]) > 0.12
