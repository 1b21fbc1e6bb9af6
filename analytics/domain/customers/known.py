"""Since when and until when something is known: what was never told of is unknown, not zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analytics.domain.periods import (
    ONE_DAY,
    Period,
    last_month_end_before,
    last_month_end_on_or_before,
)

# Of the days of a period: more must not be missing where it is compared or judged.
MISSING_AT_MOST = 1 / 12
# As many must have left before the days without any are doubted, and chance be as unlikely.
MIN_CHURNED = 5
CHANCE = 0.001


@dataclass(frozen=True, slots=True)
class Known:
    """The first and the last day of it; None: no end is known on that side."""

    since: date | None = None
    until: date | None = None

    def covers(self, period: Period) -> bool:
        """Whether nearly all of its days are known: of fewer there is no figure."""
        return self._missing(period) <= period.days * MISSING_AT_MOST

    def _missing(self, period: Period) -> int:
        before = timedelta() if self.since is None else self.since - period.start
        after = timedelta() if self.until is None else period.last_day - self.until
        return min(max(before.days, 0) + max(after.days, 0), period.days)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What imports have told of. None: never of it."""

    churn: Known | None
    revenue: Known | None
    # Whether the start of any customer is known.
    starts: bool = True

    # The day on which it is asked: of days to come nothing is missing yet. None: all have come.
    today: date | None = None

    def churn_in(self, period: Period) -> bool:
        """Whether it is known who left in the period, as far as its days have come."""
        come = self._come(period)
        return self.churn is not None and come is not None and self.churn.covers(come)

    def mrr_at_start(self, period: Period) -> bool:
        """Whether there is a snapshot of the month-end before the period."""
        found, start = self.revenue, last_month_end_before(period.start)
        if found is None or found.since is None or found.until is None:
            return False
        return last_month_end_before(found.since) <= start <= found.until

    def covers_revenue(self, period: Period) -> bool:
        found, come = self.revenue, self._come(period)
        if found is None or found.until is None or come is None or not self.mrr_at_start(period):
            return False
        # From one month's end to another: the days after the last one are not missing.
        missing = (last_month_end_on_or_before(come.last_day) - found.until).days
        return missing <= period.days * MISSING_AT_MOST

    def _come(self, period: Period) -> Period | None:
        if self.today is None:
            return period
        end = min(period.end, self.today + ONE_DAY)
        return Period(period.start, end) if period.start < end else None


def churn_known_since(
    customers: pd.DataFrame, *, told_since: date | None = None, until: date | None = None
) -> date | None:
    """The month of the first known loss, where before it customers cannot have been that loyal.

    `told_since` and `until` are the days of the first and the latest file that told of losses.
    A file often tells of those from some day on only. Nobody lost before it would be a wonder: if
    all losses fell on the days of customers by chance, the first one lay so late with the
    probability (1 - share of the days before it) ^ (losses - 1). None: nothing speaks against
    "nobody had left by then", or a file of then has said so.
    """
    started = pd.to_datetime(customers["started_on"])
    churned = pd.to_datetime(customers["churned_on"])
    losses = int(churned.notna().sum())
    if losses < MIN_CHURNED:
        return None
    first = churned.min()
    if told_since is not None and pd.Timestamp(told_since) <= first:
        return None
    last = max(churned.max(), pd.Timestamp(until) if until else first)
    ends = churned.where(churned < last, last)
    before = (first - started).dt.days.clip(lower=0).sum()
    after = (ends - started.where(started > first, first)).dt.days.clip(lower=0).sum()
    if fell_by_chance(losses, before=before, after=after):
        return None
    found: date = first.date().replace(day=1)
    return found


def fell_by_chance(number: int, *, before: float, after: float) -> bool:
    """Whether so many can all lie in the days after, and none in those before, by chance."""
    if number < MIN_CHURNED or not before:
        return True
    return bool((after / (before + after)) ** (number - 1) >= CHANCE)


def revenue_known(first: date | None, last: date | None) -> Known | None:
    """From the months of the first and the last snapshot; a snapshot is of a month's end."""
    if first is None or last is None:
        return None
    return Known(_end_of(first) + ONE_DAY, _end_of(last))


def _end_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY
