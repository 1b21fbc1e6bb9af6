"""A metric of one group of customers, and its change against another period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from analytics.domain.metrics.shares import sample_of, shared_by
from analytics.domain.metrics.times import HALF, duration_of
from analytics.domain.statistics.interval import Change
from analytics.domain.statistics.nps.intervals import Other
from analytics.domain.statistics.proportions import Share, change_of_rate, wilson_interval
from analytics.domain.statistics.shares import share_change, share_of
from surveys.domain.answers.scoring import is_reportable


class Valued(Protocol):
    """A figure with its interval."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def reportable(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """None is what cannot be known."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    reportable: bool = False


UNKNOWN = Estimate()


def share_estimate(units: pd.DataFrame) -> Estimate:
    """Of several units of one and the same customer nobody can tell an interval."""
    sample = sample_of(units)
    share, counts = share_of(sample), sample.counts
    low, high = share.limits if share else (None, None)
    return Estimate(
        value=counts.promoters / counts.responses if counts.responses else None,
        low=low,
        high=high,
        numerator=counts.promoters,
        denominator=counts.responses,
        reportable=sample.reportable,
    )


def change_of_share(units: pd.DataFrame, compared: pd.DataFrame) -> Change | None:
    other = Other(sample_of(compared), shared_by(units, compared))
    return share_change(sample_of(units), compared=other)


def time_estimate(waits: pd.DataFrame, *, share: float = HALF) -> Estimate:
    """The numerator is how many have ended, the denominator how many there are."""
    if waits.empty:
        return Estimate(numerator=0, denominator=0)
    value, low, high = duration_of(waits, share=share)
    return Estimate(
        value=value,
        low=low,
        high=high,
        numerator=int(waits["closed"].sum()),
        denominator=len(waits),
        reportable=is_reportable(len(waits), customers=int(waits["customer"].nunique())),
    )


def rate_estimate(part: int, whole: int) -> Estimate:
    """Of customers, each of whom counts once."""
    share = Share(part, whole)
    low, high = wilson_interval(share) or (None, None)
    return Estimate(
        value=share.rate,
        low=low,
        high=high,
        numerator=part,
        denominator=whole,
        reportable=share.reportable,
    )


def change_of_estimates(now: Estimate, before: Estimate) -> Change | None:
    """Of two rates of customers."""
    if now.numerator is None or before.numerator is None:
        return None
    return change_of_rate(
        Share(now.numerator, now.denominator or 0),
        compared=Share(before.numerator, before.denominator or 0),
    )
