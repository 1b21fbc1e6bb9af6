"""Kaplan-Meier with Greenwood's error, a log-log interval, quantiles and the restricted mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.domain.statistics.interval import CONFIDENCE, quantile
from analytics.domain.statistics.student import t_quantile

Floats = NDArray[np.float64]

# Products of fractions end a hair above the share that they are.
_HAIR = 1e-12


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
    lost: int = 0


class Mean(NamedTuple):
    """Restricted: of the days up to a horizon, how many a member stays on average."""

    days: float
    standard_error: float


def kaplan_meier(days: ArrayLike, *, churned: ArrayLike) -> list[Step]:
    """A step per day on which somebody churned. Who is censored that day is still at risk on it."""
    times, events = checked(days, churned)
    steps: list[Step] = []
    survival, hazard_variance = 1.0, 0.0
    days_lost, numbers = np.unique(times[events], return_counts=True)
    at_risks = len(times) - np.searchsorted(np.sort(times), days_lost)
    for day, at_risk, lost in zip(days_lost, at_risks.tolist(), numbers.tolist(), strict=True):
        survival *= 1 - lost / at_risk
        if at_risk > lost:
            hazard_variance += lost / (at_risk * (at_risk - lost))
        error = survival * math.sqrt(hazard_variance)
        steps.append(Step(float(day), survival, error, at_risk, lost))
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


def duration(steps: Sequence[Step], *, share: float = 0.5) -> float | None:
    """The first day by which so many have churned; None where the curve comes not so far down."""
    left = 1 - share + _HAIR
    return next((step.day for step in steps if step.survival <= left), None)


def median(steps: Sequence[Step]) -> float | None:
    return duration(steps)


def duration_limits(
    steps: Sequence[Step], *, share: float = 0.5, widen: float = 1.0
) -> tuple[float | None, float | None]:
    """Brookmeyer and Crowley (1982): the days whose log-log interval holds that share.

    `widen`: so many times Greenwood's error.
    """
    left = 1 - share + _HAIR
    wider = [replace(step, standard_error=widen * step.standard_error) for step in steps]
    limits = [(step.day, *log_log_interval(step)) for step in wider]
    low = next((day for day, low, _ in limits if low is None or low <= left), None)
    high = next((day for day, _, high in limits if high is not None and high <= left), None)
    return low, high


def widening(
    steps: Sequence[Step],
    *,
    days: ArrayLike,
    churned: ArrayLike,
    clusters: ArrayLike,
    share: float = 0.5,
) -> float | None:
    """So many times Greenwood's error where that share has ended: those of one cluster are alike.

    The larger of Greenwood's and the one from the clusters' sums of influences (Williams 1995),
    with the quotient of t quantiles of `nps/intervals.py`. None: all are of one cluster.
    """
    times, events = checked(days, churned)
    owners, at = np.unique(np.asarray(clusters), return_inverse=True)
    if len(owners) == len(times):
        return 1.0
    if len(owners) < 2:
        return None
    wide, narrow = (t_quantile(CONFIDENCE, freedom=len(each) - 1) for each in (owners, times))
    reached = _up_to(steps, share=share)
    greenwood, influences = _influences(reached, times, events)
    sums = np.bincount(at, weights=influences)
    robust = len(owners) / (len(owners) - 1) * float((sums**2).sum())
    return math.sqrt(max(robust / greenwood, 1.0) if greenwood else 1.0) * wide / narrow


def _up_to(steps: Sequence[Step], *, share: float) -> list[Step]:
    """To the one by which so many have ended; where nobody is left, no error is known."""
    end = duration(steps, share=share)
    return [step for step in steps if step.survival > 0 and (end is None or step.day <= end)]


def _influences(
    steps: Sequence[Step], times: Floats, events: NDArray[np.bool_]
) -> tuple[float, Floats]:
    """Greenwood's sum at the last step, and of each member the derivative of -log(survival)."""
    days = np.array([step.day for step in steps])
    left = np.array([step.at_risk - step.lost for step in steps], dtype=np.float64)
    lost = np.array([step.lost for step in steps], dtype=np.float64)
    hazard = lost / ((left + lost) * left)
    borne = np.append(0.0, hazard.cumsum())[np.searchsorted(days, times, side="right")]
    ended = events & np.isin(times, days)
    gained = np.append(1 / left, 0.0)[np.searchsorted(days, times)]
    return float(hazard.sum()), np.where(ended, gained, 0.0) - borne


def restricted_mean(steps: Sequence[Step], *, horizon: float) -> Mean:
    """The area under the curve up to the horizon; Greenwood's error (Klein and Moeschberger).

    Behind the last step the curve goes on as it is.
    """
    inside = [step for step in steps if step.day < horizon]
    days = [0.0, *(step.day for step in inside), horizon]
    heights = [1.0, *(step.survival for step in inside)]
    areas = np.diff(days) * heights
    left = areas.sum() - np.cumsum(areas)
    # One that takes all who are left has no area behind it.
    variance = sum(
        float(area) ** 2 * step.lost / (step.at_risk * (step.at_risk - step.lost))
        for area, step in zip(left, inside, strict=False)
        if step.at_risk > step.lost
    )
    return Mean(float(areas.sum()), math.sqrt(variance))


def checked(days: ArrayLike, churned: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    times, events = np.asarray(days, dtype=np.float64), np.asarray(churned, dtype=np.bool_)
    if times.shape != events.shape or not np.isfinite(times).all() or (times < 0).any():
        raise ValueError("Every follow-up is a number of days that is not negative.")
    return times, events
