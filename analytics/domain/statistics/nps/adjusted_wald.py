"""The adjusted Wald (3,T) of Rocks (2016): a mean and its error after pseudo-answers were added."""

from __future__ import annotations

from typing import TypeVar

from analytics.domain.statistics.interval import Floats
from analytics.domain.statistics.nps.counts import Counts, Effective

# Three pseudo-answers, shared out as in a triangle.
_PSEUDO_EXTREMES = 0.75
_PSEUDO_ANSWERS = 3.0

Number = TypeVar("Number", float, Floats)


def adjusted_mean(counts: Counts | Effective) -> tuple[float, float]:
    """Mean and squared standard error after adding the pseudo-answers, on the unit scale."""
    number = counts.responses
    mean, second = (
        ((counts.promoters + sign * counts.detractors) / number if number else 0.0)
        for sign in (-1, 1)
    )
    return adjusted_moments(mean, second=second, number=number)


def adjusted_moments(mean: Number, *, second: Number, number: Number) -> tuple[Number, Number]:
    """As `adjusted_mean`, from the mean of the values and the mean of their squares."""
    answers = number + _PSEUDO_ANSWERS
    adjusted = mean * number / answers
    spread = (second * number + 2 * _PSEUDO_EXTREMES) / answers - adjusted**2
    return adjusted, spread / answers
