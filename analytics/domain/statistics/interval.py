"""What every interval and change is made of: the confidence, the quantile, MOVER, the p value."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    # Models name intervals: no command shall import numpy for a word of the annotations.
    Floats = Any

CONFIDENCE = 0.95


class Interval(NamedTuple):
    low: float
    high: float


class Estimate(NamedTuple):
    value: float
    limits: Interval


class Change(NamedTuple):
    """From the compared group to the current one, in the unit of the figure."""

    difference: float
    low: float
    high: float
    p_value: float


def quantile(confidence: float) -> float:
    """The two-sided normal quantile: 1.959964 at 95 %, not the one-sided 1.644854."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def two_sided_p_value(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))


def mover(current: Estimate, *, compared: Estimate, rho: float = 0.0) -> Interval:
    """Limits of a difference from those of its two sides, which move together by `rho`.

    Zou (2007), "Toward using confidence intervals to compare correlations".
    """
    difference = current.value - compared.value
    down = current.value - current.limits.low, compared.limits.high - compared.value
    up = current.limits.high - current.value, compared.value - compared.limits.low
    return Interval(
        difference - error_of_difference(*down, rho=rho),
        difference + error_of_difference(*up, rho=rho),
    )


def error_of_difference(one: float, other: float, *, rho: float) -> float:
    return math.sqrt(max(one**2 + other**2 - 2 * rho * one * other, 0.0))
