"""Freireich's remission times and R's ovarian data; statsmodels as the oracle for the rest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from analytics.domain.statistics.survival import (
    Step,
    chi_square_tail,
    kaplan_meier,
    log_log_interval,
    log_rank,
    step_at,
)

TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
OVARIAN_1 = "59 115 156 268 329 431 448+ 477+ 638 803+ 855+ 1040+ 1106+"
OVARIAN_2 = "353 365 377+ 421+ 464 475 563 744+ 769+ 770+ 1129+ 1206+ 1227+"

follow_ups = st.lists(
    st.tuples(st.integers(min_value=0, max_value=30), st.booleans()), min_size=1, max_size=40
)


def parsed(text):
    """A plus sign marks who was still there when last seen."""
    days = [float(word.rstrip("+")) for word in text.split()]
    return days, [not word.endswith("+") for word in text.split()]


def columns(rows):
    return [day for day, _ in rows], [churned for _, churned in rows]


def test_kaplan_meier_of_the_treated_arm():
    days, churned = parsed(TREATED)
    steps = kaplan_meier(days, churned=churned)

    assert [step.day for step in steps] == [6, 7, 10, 13, 16, 22, 23]
    assert [step.survival for step in steps] == pytest.approx(
        [0.857143, 0.806723, 0.752941, 0.690196, 0.627451, 0.537815, 0.448179], abs=5e-7
    )
    assert [step.at_risk for step in steps] == [21, 17, 15, 12, 11, 7, 6]
    assert steps[-1].standard_error == pytest.approx(0.134591, abs=5e-7)


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


def test_log_log_interval_of_the_treated_arm():
    # The textbook interval at 23 weeks, as printed by R's survfit with conf.type "log-log".
    days, churned = parsed(TREATED)
    low, high = log_log_interval(step_at(kaplan_meier(days, churned=churned), day=30))

    assert (low, high) == pytest.approx((0.18805, 0.68014), abs=5e-6)


def test_log_log_interval_at_the_ends():
    assert log_log_interval(Step(0, 1.0, 0.0, 10)) == (1, 1)
    assert log_log_interval(Step(9, 0.0, 0.0, 1)) == (None, None)


def test_step_holds_until_the_next_and_counts_its_own_day():
    steps = kaplan_meier([10, 20, 30, 30], churned=[True, True, False, False])

    assert [step_at(steps, day=day).survival for day in (0, 9, 10, 19, 20, 99)] == [
        1, 1, 0.75, 0.75, 0.5, 0.5,
    ]  # fmt: skip


def test_censored_on_the_day_is_still_at_risk_on_it():
    assert kaplan_meier([5, 5], churned=[True, False])[0].survival == 0.5


def test_curve_without_churn_has_no_steps():
    assert kaplan_meier([5, 7], churned=[False, False]) == []
    assert kaplan_meier([], churned=[]) == []


@pytest.mark.parametrize("wrong", [-1, math.nan])
def test_impossible_follow_up_is_refused(wrong):
    with pytest.raises(ValueError, match="follow-up"):
        kaplan_meier([5, wrong], churned=[True, True])


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


@given(follow_ups)
def test_kaplan_meier_equals_statsmodels(rows):
    days, churned = columns(rows)
    oracle = SurvfuncRight(np.array(days, dtype=float), np.array(churned, dtype=int))
    steps = {step.day: step for step in kaplan_meier(days, churned=churned)}

    for day, survival, error, at_risk in zip(
        oracle.surv_times, oracle.surv_prob, oracle.surv_prob_se, oracle.n_risk, strict=True
    ):
        if day in steps:
            assert steps[day].survival == pytest.approx(survival, abs=1e-12)
            assert steps[day].at_risk == at_risk
            if survival > 0:
                assert steps[day].standard_error == pytest.approx(error, abs=1e-12)


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


@given(follow_ups, follow_ups, st.randoms(use_true_random=False))
def test_order_of_rows_and_groups_does_not_matter(one, other, random):
    shuffled = list(one)
    random.shuffle(shuffled)

    assert kaplan_meier(*columns(shuffled)[:1], churned=columns(shuffled)[1]) == kaplan_meier(
        columns(one)[0], churned=columns(one)[1]
    )
    there = log_rank([columns(one), columns(other)])
    back = log_rank([columns(other), columns(shuffled)])
    assert (there is None) == (back is None)
    if there is not None:
        assert there.statistic == pytest.approx(back.statistic, abs=1e-9)


@given(follow_ups)
def test_intervals_contain_the_curve(rows):
    days, churned = columns(rows)
    for step in kaplan_meier(days, churned=churned):
        low, high = log_log_interval(step)
        if low is not None:
            assert 0 <= low <= step.survival <= high <= 1


@given(follow_ups, follow_ups)
def test_merged_groups_are_counted_together(one, other):
    together = kaplan_meier(columns(one + other)[0], churned=columns(one + other)[1])
    apart = [kaplan_meier(columns(rows)[0], churned=columns(rows)[1]) for rows in (one, other)]

    assert {step.day for step in together} == {step.day for steps in apart for step in steps}
    for step in together:
        at_risk = [sum(day >= step.day for day, _ in rows) for rows in (one, other)]
        assert step.at_risk == sum(at_risk)


@given(follow_ups)
def test_everybody_twice_is_the_same_curve_with_less_error(rows):
    once = kaplan_meier(columns(rows)[0], churned=columns(rows)[1])
    twice = kaplan_meier(columns(rows * 2)[0], churned=columns(rows * 2)[1])

    for first, second in zip(once, twice, strict=True):
        assert second.survival == pytest.approx(first.survival, abs=1e-12)
        assert second.at_risk == 2 * first.at_risk
        assert second.standard_error == pytest.approx(first.standard_error / math.sqrt(2))


@pytest.mark.parametrize("churned", [False, True])
def test_one_customer_alone(churned):
    steps = kaplan_meier([12], churned=[churned])

    assert steps == ([Step(12.0, 0.0, 0.0, 1)] if churned else [])
    assert log_rank([([12], [churned])]) is None
