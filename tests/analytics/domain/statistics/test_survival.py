"""Freireich's remission times as R prints them; statsmodels as the oracle for the rest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from analytics.domain.statistics.log_rank import log_rank
from analytics.domain.statistics.survival import (
    Step,
    kaplan_meier,
    log_log_interval,
    median,
    restricted_mean,
    step_at,
    widening,
)
from tests.analytics.domain.statistics.follow_ups import (
    PLACEBO,
    TREATED,
    columns,
    follow_ups,
    parsed,
)


def test_kaplan_meier_of_the_treated_arm():
    days, churned = parsed(TREATED)
    steps = kaplan_meier(days, churned=churned)

    assert [step.day for step in steps] == [6, 7, 10, 13, 16, 22, 23]
    assert [step.survival for step in steps] == pytest.approx(
        [0.857143, 0.806723, 0.752941, 0.690196, 0.627451, 0.537815, 0.448179], abs=5e-7
    )
    assert [step.at_risk for step in steps] == [21, 17, 15, 12, 11, 7, 6]
    assert steps[-1].standard_error == pytest.approx(0.134591, abs=5e-7)


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

    assert steps == ([Step(12.0, 0.0, 0.0, 1, 1)] if churned else [])
    assert log_rank([([12], [churned])]) is None


def test_medians_of_both_arms():
    arms = [kaplan_meier(*parsed(arm)[:1], churned=parsed(arm)[1]) for arm in (TREATED, PLACEBO)]

    assert [median(steps) for steps in arms] == [23, 8]


def test_median_is_the_first_day_with_half_gone_and_unknown_where_more_stay():
    assert median(kaplan_meier([3, 7], churned=[True, True])) == 3
    assert median(kaplan_meier([3, 7, 9], churned=[True, False, False])) is None


def test_restricted_mean_of_the_treated_arm_as_r_prints_it():
    # print(survfit(...), rmean = 35): 23.29 with an error of 2.83.
    days, churned = parsed(TREATED)
    found = restricted_mean(kaplan_meier(days, churned=churned), horizon=35)

    assert found == pytest.approx((23.2874, 2.8275), abs=5e-5)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(1, 40))
def test_restricted_mean_of_those_seen_to_the_end_is_that_of_their_days(days, horizon):
    found = restricted_mean(kaplan_meier(days, churned=[True] * len(days)), horizon=horizon)
    known = np.minimum(days, horizon)

    assert found.days == pytest.approx(known.mean())
    assert found.standard_error == pytest.approx(known.std() / math.sqrt(len(known)), abs=1e-9)


def test_of_alike_waits_the_error_is_that_of_their_clusters() -> None:
    """Ten clusters of three that end together: the variance of a share of 10, with 10 / 9."""
    days, churned = np.repeat(np.arange(1.0, 11.0), 3), np.ones(30, dtype=bool)
    steps = kaplan_meier(days, churned=churned)

    found = widening(steps, days=days, churned=churned, clusters=days)

    # Student's t at 95 %: 2.262157 with 9 degrees of freedom, 2.045230 with 29.
    assert found == pytest.approx(math.sqrt(3 * 10 / 9) * 2.262157 / 2.045230, rel=1e-6)
    assert widening(steps, days=days, churned=churned, clusters=np.arange(30)) == 1
    assert widening(steps, days=days, churned=churned, clusters=np.ones(30)) is None
