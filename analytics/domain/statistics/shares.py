"""Shares of answers, where answers come in clusters as those of NPS do.

A Sample whose promoters are the answers that count, and whose passives are all others, has the
share as its mean: its effective number of answers stands in Wilson's interval (1927), and two of
them are held against each other by MOVER and, for the p value, after Agresti and Caffo (2000).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from analytics.domain.statistics.interval import (
    CONFIDENCE,
    Change,
    Estimate,
    Interval,
    error_of_difference,
    mover,
    two_sided_p_value,
)
from analytics.domain.statistics.nps.intervals import Other, Sample, correlation
from analytics.domain.statistics.proportions import wilson_limits


class Share(NamedTuple):
    rate: float
    number: float
    limits: Interval

    @property
    def estimate(self) -> Estimate:
        return Estimate(self.rate, self.limits)


def share_of(sample: Sample, *, confidence: float = CONFIDENCE) -> Share | None:
    """None without an answer, and where all are of one customer: that one cannot tell."""
    number = sample.n_effective(confidence=confidence)
    if number is None:
        return None
    return share_worth(sample.mean, number=number, confidence=confidence)


def share_change(
    current: Sample, *, compared: Other, confidence: float = CONFIDENCE
) -> Change | None:
    """Raw difference, limits by MOVER with the correlation of customers that are in both."""
    now = share_of(current, confidence=confidence)
    before = share_of(compared.sample, confidence=confidence)
    if now is None or before is None:
        return None
    rho = correlation(current, compared.sample, shared=compared.shared)
    return difference_of(now, before, rho=rho)


def difference_of(now: Share, before: Share, *, rho: float) -> Change:
    """Of two shares that move together by rho."""
    limits = mover(now.estimate, compared=before.estimate, rho=rho)
    return Change(now.rate - before.rate, *limits, _p_value(now, before, rho=rho))


def share_worth(rate: float, *, number: float, confidence: float = CONFIDENCE) -> Share:
    """Of so many independent answers, which need not be whole."""
    return Share(rate, number, wilson_limits(rate, number=number, confidence=confidence))


def _p_value(now: Share, before: Share, *, rho: float) -> float:
    (rate_now, error_now), (rate_before, error_before) = _adjusted(now), _adjusted(before)
    error = error_of_difference(error_now, error_before, rho=rho)
    if error == 0:
        return 1.0 if rate_now == rate_before else 0.0
    return two_sided_p_value((rate_now - rate_before) / error)


def _adjusted(share: Share) -> tuple[float, float]:
    """One case more that counts, and one that does not: rate and standard error."""
    number = share.number + 2
    rate = (share.rate * share.number + 1) / number
    return rate, math.sqrt(rate * (1 - rate) / number)
