"""What the figures are held against: textbook formulas that the product does not use."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.domain.answers.scores import CATEGORY_COUNTS
from analytics.domain.statistics.interval import CONFIDENCE, Change, Interval, quantile
from analytics.domain.statistics.nps import intervals as shown
from analytics.domain.statistics.nps.adjusted_wald import adjusted_mean
from analytics.domain.statistics.nps.counts import POINTS, Counts
from analytics.domain.statistics.nps.intervals import Other, independent, intervals


def variance(counts: Counts) -> float | None:
    """Variance of one answer on the unit scale; the covariance of the two shares is inside."""
    if counts.responses == 0:
        return None
    mean = (counts.promoters - counts.detractors) / counts.responses
    return (counts.promoters + counts.detractors) / counts.responses - mean**2


def wald_interval(counts: Counts, *, confidence: float = CONFIDENCE) -> Interval | None:
    """The textbook interval, which is too narrow below about 50 answers: for comparison only."""
    spread = variance(counts)
    if spread is None:
        return None
    mean = (counts.promoters - counts.detractors) / counts.responses
    return _around(mean, error=math.sqrt(spread / counts.responses), confidence=confidence)


def adjusted_wald_interval(
    counts: Counts, *, confidence: float = CONFIDENCE, clip: bool = True
) -> Interval | None:
    if counts.responses == 0:
        return None
    mean, squared_error = adjusted_mean(counts)
    interval = _around(mean, error=math.sqrt(squared_error), confidence=confidence)
    if not clip:
        return interval
    return Interval(max(interval.low, -POINTS), min(interval.high, POINTS))


def _around(mean: float, *, error: float, confidence: float) -> Interval:
    reach = quantile(confidence) * error
    return Interval(POINTS * (mean - reach), POINTS * (mean + reach))


def score_interval(counts: Counts, *, confidence: float = CONFIDENCE) -> Interval | None:
    """Of answers of a customer each."""
    return intervals([independent(counts)], confidence=confidence)[0]


def change(current: Counts, *, compared: Counts) -> Change | None:
    """Of answers of a customer each, none of which is in both."""
    return shown.change(independent(current), compared=Other(independent(compared)))


class WeightedNps(NamedTuple):
    nps: float
    # None for a single answer, from which no spread can be known.
    standard_error: float | None
    # Kish: as many equally weighted answers would be worth as much.
    effective_responses: float


def weighted_nps(scores: ArrayLike, *, weights: ArrayLike) -> WeightedNps | None:
    """Weighted mean with its linearised standard error; rows without weight do not count."""
    weight = np.asarray(weights, dtype=np.float64)
    if (weight < 0).any() or not np.isfinite(weight).all():
        raise ValueError("A weight is a number that is not negative.")
    value = values_of(scores)[weight > 0]
    weight = weight[weight > 0]
    total, responses = weight.sum(), len(weight)
    if responses == 0:
        return None
    mean = (weight * value).sum() / total
    error = None
    if responses > 1:
        residuals = weight * (value - mean) / total
        error = POINTS * math.sqrt(responses / (responses - 1) * (residuals**2).sum())
    return WeightedNps(float(POINTS * mean), error, float(total**2 / (weight**2).sum()))


def values_of(scores: ArrayLike) -> np.ndarray:
    """-1, 0 or +1 per answer."""
    values = CATEGORY_COUNTS["promoters"] - CATEGORY_COUNTS["detractors"]
    return values[np.asarray(scores, dtype=np.int64)].astype(np.float64)
