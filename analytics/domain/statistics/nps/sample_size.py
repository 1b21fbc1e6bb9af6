"""How many answers it takes: for one NPS within a margin, or to see a difference between two.

MeasuringU (2021): the three pseudo-answers of the adjusted Wald interval are taken off again.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from analytics.domain.statistics.interval import CONFIDENCE, quantile
from analytics.domain.statistics.nps.counts import POINTS, Counts

POWER = 0.8
# Of answers that are promoters and detractors half and half: there is no larger one.
LARGEST_VARIANCE = 1.0
_PSEUDO_ANSWERS = 3


def variance(counts: Counts) -> float:
    """Of one answer, which is worth -1, 0 or +1."""
    if counts.responses == 0:
        return LARGEST_VARIANCE
    extremes = (counts.promoters + counts.detractors) / counts.responses
    return extremes - ((counts.promoters - counts.detractors) / counts.responses) ** 2


def answers_for_margin(
    points: float,
    *,
    spread: float,
    design_effect: float = 1.0,
    confidence: float = CONFIDENCE,
) -> int:
    """So many that the interval reaches so many points to each side."""
    needed = quantile(confidence) ** 2 * spread / (points / POINTS) ** 2 - _PSEUDO_ANSWERS
    return _rounded(needed, design_effect)


def answers_for_difference(
    points: float,
    *,
    spreads: tuple[float, float],
    design_effect: float = 1.0,
    confidence: float = CONFIDENCE,
    power: float = POWER,
) -> int:
    """So many in each of two groups that a true difference of so many points is found."""
    z = quantile(confidence) + NormalDist().inv_cdf(power)
    needed = z**2 * sum(spreads) / (points / POINTS) ** 2 - _PSEUDO_ANSWERS
    return _rounded(needed, design_effect)


def _rounded(needed: float, design_effect: float) -> int:
    return max(math.ceil(needed * design_effect - 1e-9), 1)
