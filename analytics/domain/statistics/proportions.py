"""Rates of counted cases: their interval, and the change between two of them.

Wilson (1927) for one rate; Newcombe (1998) squares and adds the two Wilson limits for a difference,
as MOVER does for NPS; the p value is that of the score test, with both rates pooled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from analytics.domain.statistics.interval import (
    CONFIDENCE,
    Change,
    Estimate,
    Interval,
    mover,
    quantile,
    two_sided_p_value,
)
from surveys.domain.answers.scoring import MIN_RESPONSES


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`: answered of invited, churned of the customers at start.

    Not whole numbers where they are what an estimate is worth.
    """

    part: float = 0
    whole: float = 0

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def reportable(self) -> bool:
        return self.whole >= MIN_RESPONSES


def wilson_interval(share: Share, *, confidence: float = CONFIDENCE) -> Interval | None:
    """Stays within 0 and 1, also where nobody or everybody is counted."""
    if share.rate is None:
        return None
    return wilson_limits(share.rate, number=share.whole, confidence=confidence)


def wilson_limits(rate: float, *, number: float, confidence: float = CONFIDENCE) -> Interval:
    """Of so many independent cases, which need not be whole."""
    z = quantile(confidence)
    centre = (rate + z * z / (2 * number)) / (1 + z * z / number)
    spread = rate * (1 - rate) / number + z * z / (4 * number * number)
    reach = z * math.sqrt(spread) / (1 + z * z / number)
    # Exact at the ends, where floats leave a crumb.
    return Interval(0.0 if rate == 0 else centre - reach, 1.0 if rate == 1 else centre + reach)


def change_of_rate(
    current: Share, *, compared: Share, confidence: float = CONFIDENCE
) -> Change | None:
    limits = wilson_interval(current, confidence=confidence)
    before_limits = wilson_interval(compared, confidence=confidence)
    now, before = current.rate, compared.rate
    if now is None or before is None or limits is None or before_limits is None:
        return None
    found = mover(Estimate(now, limits), compared=Estimate(before, before_limits))
    return Change(now - before, *found, _pooled_p_value(current, compared=compared))


def _pooled_p_value(current: Share, *, compared: Share) -> float:
    pooled = (current.part + compared.part) / (current.whole + compared.whole)
    error = math.sqrt(pooled * (1 - pooled) * (1 / current.whole + 1 / compared.whole))
    if error == 0:
        return 1.0
    difference = current.part / current.whole - compared.part / compared.whole
    return two_sided_p_value(difference / error)
