"""Facts over time, and what is known of each customer on a day: nothing of later days.

Customers are places 0..n-1; days are whole numbers since 1970; what is not known is NaN.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.domain.health.formulas.formula import Measure
from analytics.domain.periods import DAYS_A_MONTH

Places = NDArray[np.intp]
Days = NDArray[np.int64]
Values = NDArray[np.float64]


class Series(ABC):
    """What one source tells of all customers."""

    @abstractmethod
    def on(self, day: int, measure: Measure) -> Values:
        """By customer, from facts of the day and before."""

    def window_before(self, day: int, measure: Measure) -> int:
        """The last day of the window before the one that ends on the day."""
        return day - measure.window_days

    @property
    @abstractmethod
    def is_empty(self) -> bool:
        """Whether it tells of nobody."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Dated values, by rising day."""

    number: int
    customers: Places
    days: Days
    values: Values

    @classmethod
    def sorted(cls, number: int, customers: Places, days: Days, values: Values) -> Rows:
        """Rows of one day keep their order."""
        if (days[1:] >= days[:-1]).all():
            # As millions of readings come, mostly.
            return cls(number, customers, days, values.astype(np.float64))
        order = np.argsort(days, kind="stable")
        return cls(number, customers[order], days[order], values[order].astype(np.float64))

    def until(self, day: int) -> slice:
        return slice(0, int(np.searchsorted(self.days, day, side="right")))

    def between(self, first: int, last: int) -> slice:
        found = np.searchsorted(self.days, [first, last + 1])
        return slice(int(found[0]), int(found[1]))

    def last_on(self, day: int) -> tuple[Values, Values]:
        """The latest value of each customer, and its day."""
        rows = self.until(day)
        found = np.full((2, self.number), np.nan)
        # Of several rows for a customer the last one stays.
        found[0, self.customers[rows]] = self.values[rows]
        found[1, self.customers[rows]] = self.days[rows]
        return found[0], found[1]


@dataclass(frozen=True, eq=False)
class OfRows(Series):
    rows: Rows

    @property
    def is_empty(self) -> bool:
        return len(self.rows.days) == 0


@dataclass(frozen=True, eq=False)
class Latest(OfRows):
    """Single facts, of which the last one holds until it is too old."""

    # For how long at most, whatever the formula says.
    expires_after: int | None = None
    # Values that were imported later than they held: the earliest known one stands in.
    reaches_back: bool = False

    def on(self, day: int, measure: Measure) -> Values:
        values, days = self.rows.last_on(day)
        for most in (measure.max_age_days, self.expires_after):
            if most is not None:
                values = np.where(day - days <= most, values, np.nan)
        if self.reaches_back:
            return np.where(np.isnan(days), self._earliest, values)
        return values

    @cached_property
    def _earliest(self) -> Values:
        found = np.full(self.rows.number, np.nan)
        found[self.rows.customers[::-1]] = self.rows.values[::-1]
        return found


@dataclass(frozen=True, eq=False)
class Tenure(Series):
    """Months since the start."""

    # NaN where it is not known.
    started: Values

    def on(self, day: int, measure: Measure) -> Values:
        months = (day - self.started) / DAYS_A_MONTH
        return np.where(months >= 0, months, np.nan)

    @property
    def is_empty(self) -> bool:
        return bool(np.isnan(self.started).all())


@dataclass(frozen=True, eq=False)
class Monthly(Series):
    """Month-end amounts, 0 where a month that was told of has none; NaN without a rate."""

    # The last days of the months, rising, and a row of amounts for each.
    ends: Days
    amounts: NDArray[np.float64]
    # Against how many months before; 0: the amount itself.
    months_back: int = 0

    def on(self, day: int, measure: Measure) -> Values:
        now = self._at(day)
        if not self.months_back:
            return now
        known = np.searchsorted(self.ends, day, side="right") - 1
        if known < 0:
            return now
        before = self._at(months_before(int(self.ends[known]), self.months_back), exactly=True)
        return relative_change(now, before)

    @property
    def is_empty(self) -> bool:
        return len(self.ends) == 0

    def _at(self, day: int, *, exactly: bool = False) -> Values:
        place = int(np.searchsorted(self.ends, day, side="right")) - 1
        if place < 0 or (exactly and self.ends[place] != day):
            return np.full(self.amounts.shape[1], np.nan)
        found: Values = self.amounts[place]
        return found


def months_before(day: int, months: int) -> int:
    """The last day of the month that lies so many months before that of the day."""
    month = np.datetime64(day, "D").astype("datetime64[M]")
    after = month - np.timedelta64(months - 1, "M")
    return int(after.astype("datetime64[D]").astype(np.int64)) - 1


def relative_change(now: Values, before: Values) -> Values:
    """Of nothing there is no change that could be told."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before > 0, now / before - 1, np.nan)


def divided(values: NDArray[Any], by: NDArray[Any]) -> Values:
    """Per nothing, or per what is not known, is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by > 0, values / by, np.nan)
