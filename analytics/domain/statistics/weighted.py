"""Means whose members do not weigh the same, group by group, with what chance leaves open.

The error is linearised, as in R's survey::svymean: n/(n - 1) times the sum of the squares of
w (value - mean) / sum(w). Kish (1965): (sum w)^2 / sum(w^2) equal members would tell as much.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.domain.statistics.interval import CONFIDENCE, Floats, quantile
from analytics.domain.statistics.nps.adjusted_wald import adjusted_moments

# Under so many equal members' worth the interval is withheld.
MIN_KISH = 5.0


class WeightedMeans(NamedTuple):
    """By group, on the scale of the values, -1 to 1; NaN where it cannot be known."""

    mean: Floats
    low: Floats
    high: Floats
    kish: Floats
    # Linearised, of the mean itself.
    error: Floats


def weighted_means(
    groups: NDArray[np.int64],
    *,
    values: Floats,
    weights: Floats,
    size: int,
    confidence: float = CONFIDENCE,
) -> WeightedMeans:
    """Members without weight do not count. The interval is the adjusted Wald on Kish's number.

    Rocks (2016) adds three answers; here they are added to as many equal members as the weights
    are worth, whose second moment is that of the linearised error.
    """

    def sums(column: NDArray[Any]) -> Floats:
        return np.bincount(groups, weights=column, minlength=size).astype(np.float64)

    members, total, squares = sums((weights > 0) * 1.0), sums(weights), sums(weights**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums(weights * values) / total
        residuals = weights * (values - mean[groups]) / total[groups]
        spread = np.where(members > 1, members / (members - 1), np.nan)
        squared_error = spread * sums(np.nan_to_num(residuals) ** 2)
        kish = total**2 / squares
        centre, error = adjusted_moments(mean, second=kish * squared_error + mean**2, number=kish)
    reach = quantile(confidence) * np.sqrt(np.where(kish >= MIN_KISH, error, np.nan))
    low, high = np.maximum(centre - reach, -1.0), np.minimum(centre + reach, 1.0)
    return WeightedMeans(mean, low, high, kish, np.sqrt(squared_error))
