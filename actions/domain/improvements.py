"""Improvements: whether a metric moved more where something was changed than where nothing was.

Difference in differences: the change of the segment that was touched, less the change of all others
over the same days. What moves both alike, such as a season, falls out of it; what else happened to
one of them does not, so it is no trial.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from analytics.domain.statistics.interval import Change, Estimate, Interval, mover

# How many days before and after are compared.
SPANS = (28, 56, 91, 182)
USUAL_SPAN = 91


class Result(StrEnum):
    RUNNING = "running"
    HELPED = "helped"
    HARMED = "harmed"
    NOT_SHOWN = "not_shown"
    CANNOT_TELL = "cannot_tell"


class Effect(NamedTuple):
    """In the unit of the metric."""

    value: float
    low: float
    high: float


def difference_in_differences(touched: Change, *, untouched: Change) -> Effect:
    """The two are of different customers, so they move by chance independently."""
    own, others = (
        Estimate(each.difference, Interval(each.low, each.high)) for each in (touched, untouched)
    )
    low, high = mover(own, compared=others)
    return Effect(own.value - others.value, low, high)


def result_of(effect: Effect | None, *, at_most: bool, is_over: bool) -> Result:
    """`at_most`: little of the metric is wanted. Only an interval without 0 shows an effect."""
    if not is_over:
        return Result.RUNNING
    if effect is None:
        return Result.CANNOT_TELL
    if effect.low <= 0 <= effect.high:
        return Result.NOT_SHOWN
    return Result.HELPED if (effect.value < 0) is at_most else Result.HARMED
