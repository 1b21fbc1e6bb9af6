"""Kaplan-Meier with Greenwood's error and a log-log interval; log-rank over several groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.domain.statistics.interval import CONFIDENCE, quantile

Floats = NDArray[np.float64]


class SurvivalPoint(NamedTuple):
    day: float
    survival: float
    # None once nobody is left: the log-log interval has no meaning at 0.
    low: float | None
    high: float | None
    at_risk: int


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from `day` up to the next step."""

    day: float
    survival: float
    standard_error: float
    at_risk: int


class LogRank(NamedTuple):
    statistic: float
    degrees_of_freedom: int
    p_value: float
    observed: list[float]
    expected: list[float]


def kaplan_meier(days: ArrayLike, *, churned: ArrayLike) -> list[Step]:
    """A step per day on which somebody churned. Who is censored that day is still at risk on it."""
    times, events = _checked(days, churned)
    steps: list[Step] = []
    survival, hazard_variance = 1.0, 0.0
    for day in np.unique(times[events]):
        at_risk = int((times >= day).sum())
        lost = int(((times == day) & events).sum())
        survival *= 1 - lost / at_risk
        if at_risk > lost:
            hazard_variance += lost / (at_risk * (at_risk - lost))
        error = survival * math.sqrt(hazard_variance)
        steps.append(Step(float(day), survival, error, at_risk))
    return steps


def step_at(steps: Sequence[Step], *, day: float) -> Step:
    """The state of the curve on a day; before the first step nobody has churned."""
    reached = [step for step in steps if step.day <= day]
    return reached[-1] if reached else Step(0.0, 1.0, 0.0, 0)


def log_log_interval(
    step: Step, *, confidence: float = CONFIDENCE
) -> tuple[float | None, float | None]:
    if step.survival <= 0:
        return None, None
    if step.survival >= 1:
        return 1.0, 1.0
    logarithm = math.log(step.survival)
    reach = quantile(confidence) * step.standard_error / (step.survival * abs(logarithm))
    return step.survival ** math.exp(reach), step.survival ** math.exp(-reach)


def log_rank(groups: Sequence[tuple[ArrayLike, ArrayLike]]) -> LogRank | None:
    """Test that all groups churn alike; each group is (days, churned). Empty groups are left out.

    1. On each day with churn, share the churned out over the groups by their numbers at risk.
    2. Sum observed minus expected, and the hypergeometric covariance of the shares.
    3. A group that was at risk on none of these days says nothing and is left out too.
    4. The last group follows from the others, so it is dropped before inverting.
    """
    checked = [group for group in (_checked(*group) for group in groups) if len(group[0])]
    all_days = np.concatenate([days[events] for days, events in checked] or [np.array([])])
    if len(checked) < 2 or len(all_days) == 0:
        return None
    observed, expected = np.zeros(len(checked)), np.zeros(len(checked))
    covariance = np.zeros((len(checked), len(checked)))
    for day in np.unique(all_days):
        at_risk = np.array([(days >= day).sum() for days, _ in checked], dtype=np.float64)
        lost = np.array([((days == day) & events).sum() for days, events in checked], dtype=float)
        observed += lost
        expected += lost.sum() * at_risk / at_risk.sum()
        covariance += _hypergeometric_covariance(at_risk, lost=lost.sum())
    return _quadratic_form(observed, expected, covariance)


def _quadratic_form(observed: Floats, expected: Floats, covariance: Floats) -> LogRank | None:
    seen = np.flatnonzero(expected > 0)
    if len(seen) < 2:
        return None
    free = seen[:-1]
    surplus = (observed - expected)[free]
    statistic = float(surplus @ np.linalg.pinv(covariance[np.ix_(free, free)]) @ surplus)
    p_value = chi_square_tail(statistic, degrees_of_freedom=len(free))
    return LogRank(statistic, len(free), p_value, observed.tolist(), expected.tolist())


def chi_square_tail(statistic: float, *, degrees_of_freedom: int) -> float:
    """P(chi-square > statistic): for whole degrees of freedom a finite sum, from 1 or 2 upwards."""
    half = statistic / 2
    if half <= 0:
        return 1.0
    odd = degrees_of_freedom % 2 == 1
    tail = math.erfc(math.sqrt(half)) if odd else math.exp(-half)
    shape = 0.5 if odd else 1.0
    while shape < degrees_of_freedom / 2:
        tail += math.exp(shape * math.log(half) - half - math.lgamma(shape + 1))
        shape += 1
    return tail


def _hypergeometric_covariance(at_risk: Floats, *, lost: float) -> Floats:
    total = at_risk.sum()
    if total < 2:
        return np.zeros((len(at_risk), len(at_risk)))
    share = at_risk / total
    spread = np.diag(share) - np.outer(share, share)
    scaled: Floats = lost * (total - lost) / (total - 1) * spread
    return scaled


def _checked(days: ArrayLike, churned: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    times, events = np.asarray(days, dtype=np.float64), np.asarray(churned, dtype=np.bool_)
    if times.shape != events.shape or not np.isfinite(times).all() or (times < 0).any():
        raise ValueError("Every follow-up is a number of days that is not negative.")
    return times, events
