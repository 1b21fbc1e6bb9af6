"""The published statistics of two trials; statsmodels as the oracle for the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.duration.survfunc import survdiff

from analytics.domain.statistics.log_rank import chi_square_tail, log_rank, pairwise
from tests.analytics.domain.statistics.follow_ups import (
    OVARIAN_1,
    OVARIAN_2,
    PLACEBO,
    TREATED,
    columns,
    follow_ups,
    parsed,
)


def test_log_rank_of_treatment_against_placebo():
    found = log_rank([parsed(TREATED), parsed(PLACEBO)])

    assert found.statistic == pytest.approx(16.792941, abs=5e-7)
    assert found.degrees_of_freedom == 1
    assert found.p_value == pytest.approx(4.16881e-05, rel=5e-6)
    assert found.observed == [9, 21]
    assert found.expected == pytest.approx([19.250501, 10.749499], abs=5e-7)


def test_log_rank_of_the_ovarian_trial():
    found = log_rank([parsed(OVARIAN_1), parsed(OVARIAN_2)])

    assert found.statistic == pytest.approx(1.062740, abs=5e-6)


@pytest.mark.parametrize("groups", [[], [([], [])], [([1], [True]), ([], [])]])
def test_log_rank_needs_two_groups(groups):
    assert log_rank(groups) is None


def test_log_rank_needs_churn_while_both_are_at_risk():
    assert log_rank([([3, 4], [False, False]), ([5, 6], [False, False])]) is None
    assert log_rank([([1, 2], [False, False]), ([5, 6], [True, True])]) is None


def test_group_never_at_risk_costs_no_degree_of_freedom():
    never = ([0.5], [False])
    found = log_rank([never, parsed(TREATED), parsed(PLACEBO), never])

    assert found.degrees_of_freedom == 1
    assert found.statistic == pytest.approx(16.792941, abs=5e-7)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 10, 31])
@pytest.mark.parametrize("statistic", [0.0, 1e-9, 0.3, 3.841458820694124, 16.79, 489.713936])
def test_chi_square_tail_equals_scipy(statistic, freedom):
    assert chi_square_tail(statistic, degrees_of_freedom=freedom) == pytest.approx(
        chi2.sf(statistic, freedom), rel=1e-10
    )


@given(st.lists(follow_ups, min_size=2, max_size=4))
def test_log_rank_equals_statsmodels(groups):
    found = log_rank([columns(rows) for rows in groups])
    # Where a group is never at risk the oracle inverts a singular matrix.
    assume(found is not None and found.degrees_of_freedom == len(groups) - 1)
    assume(found.statistic > 0)
    days, churned = columns([row for rows in groups for row in rows])
    labels = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
    statistic, p_value = survdiff(np.array(days, dtype=float), np.array(churned), labels)

    assert found.statistic == pytest.approx(statistic, rel=1e-7, abs=1e-9)
    assert found.p_value == pytest.approx(p_value, rel=1e-7, abs=1e-9)


def test_early_churn_counts_for_more_with_rho():
    # survdiff(..., rho = 1) of R.
    found = log_rank([parsed(TREATED), parsed(PLACEBO)], rho=1)

    assert found.statistic == pytest.approx(14.457151, abs=5e-7)


def test_pairs_are_corrected_over_all_of_them():
    groups = [parsed(TREATED), parsed(PLACEBO), parsed(OVARIAN_1)]
    pairs = pairwise(groups)
    alone = [log_rank([groups[one], groups[other]]).p_value for one, other, *_ in pairs]

    assert [(pair.one, pair.other) for pair in pairs] == [(0, 1), (0, 2), (1, 2)]
    assert [pair.p_value for pair in pairs] == pytest.approx(alone)
    assert [pair.adjusted for pair in pairs] == pytest.approx(
        [min(1, p * (3 - sorted(alone).index(p))) for p in alone]
    )
    assert all(pair.significant for pair in pairs)


def test_pairs_that_are_not_tested_do_not_count_towards_the_correction():
    groups = [parsed(TREATED), parsed(PLACEBO), ([9], [True])]
    tested, *others = pairwise(groups, tested=lambda one, other: other < 2)

    assert tested.adjusted == tested.p_value
    assert [each[2:] for each in others] == [(None, None, None)] * 2
