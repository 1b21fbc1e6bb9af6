"""Windows of many facts, and facts that hold from the day on that they became known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.domain.health.facts.series import OfRows, Places, Values, divided
from analytics.domain.health.formulas.formula import Aggregate, Measure, WindowDays

# Calendar days of a window of so many working days that ends on a day.
WorkingDays = Callable[[int, int], int]


@dataclass(frozen=True, eq=False)
class Until(OfRows):
    """Days that a day known by then is away."""

    def on(self, day: int, measure: Measure) -> Values:
        return self.rows.last_on(day)[0] - day


@dataclass(frozen=True, eq=False)
class Happened(OfRows):
    """1 once it has happened, 0 before; nothing while nobody was ever told of it."""

    def on(self, day: int, measure: Measure) -> Values:
        rows = self.rows.until(day)
        if rows.stop == 0:
            return np.full(self.rows.number, np.nan)
        found = np.zeros(self.rows.number)
        found[self.rows.customers[rows]] = 1.0
        return found


@dataclass(frozen=True, eq=False)
class Windowed(OfRows):
    """Many facts, of which a window is taken: usage by day, or events.

    A customer without a fact in the window has 0 where the source is alive: it tells of others in
    the window, and has told of this one before. Events are told of all or none.
    """

    # Of each customer the first day that was ever told of; inf: none was.
    first_days: Values
    working_days: WorkingDays
    # Whether a customer that was never told of has none of it, as with events.
    absent_is_none: bool = False

    @property
    def is_empty(self) -> bool:
        """Of rows there are only those of the windows."""
        return bool(np.isinf(self.first_days).all())

    def on(self, day: int, measure: Measure) -> Values:
        first = day - self._length(day, measure) + 1
        return self._aggregated(measure.aggregate, first=first, last=day)

    def window_before(self, day: int, measure: Measure) -> int:
        return day - self._length(day, measure)

    def _length(self, day: int, measure: Measure) -> int:
        working = measure.window_counts is WindowDays.WORKING
        return self.working_days(day, measure.window_days) if working else measure.window_days

    def _days_since(self, rows: slice, *, last: int) -> Values:
        active = self._active[rows]
        found = np.full(self.rows.number, np.nan)
        found[self.rows.customers[rows][active]] = last - self.rows.days[rows][active]
        return found

    @cached_property
    def _active(self) -> NDArray[np.bool_]:
        """A day with 0 of a usage is a day without; an event has happened, whatever its value."""
        return np.full(len(self.rows.days), True) if self.absent_is_none else self.rows.values > 0

    def _aggregated(self, aggregate: Aggregate, *, first: int, last: int) -> Values:
        rows = self.rows.between(first, last)
        if aggregate is Aggregate.DAYS_SINCE:
            return self._days_since(rows, last=last)
        if aggregate is Aggregate.DAYS_ACTIVE:
            found = self._days_active(rows)
        else:
            part = self.rows.customers[rows], self.rows.values[rows]
            found = AGGREGATES[aggregate](*part, self.rows.number)
        if aggregate not in COUNTED:
            return found
        return np.where(self._told_of(rows, last=last), found, np.nan)

    def _days_active(self, rows: slice) -> Values:
        customers = self.rows.customers[rows][self._first_active[rows]]
        return _count(customers, customers, self.rows.number)

    @cached_property
    def _first_active(self) -> NDArray[np.bool_]:
        """Of the active rows one per customer and day: a day with two events is one day."""
        found: NDArray[np.bool_] = self._active.copy()
        places = np.flatnonzero(found)
        keys = self.rows.days[places] << 32 | self.rows.customers[places]
        order = np.argsort(keys, kind="stable")
        again = np.flatnonzero(np.diff(keys[order]) == 0) + 1
        found[places[order[again]]] = False
        return found

    def _told_of(self, rows: slice, *, last: int) -> NDArray[np.bool_]:
        if self.absent_is_none:
            return np.full(self.rows.number, self.first_days.min(initial=np.inf) <= last)
        alive = rows.stop > rows.start
        told: NDArray[np.bool_] = (self.first_days <= last) & alive
        return told


def _sum(customers: Places, values: Values, number: int) -> Values:
    return np.bincount(customers, weights=values, minlength=number).astype(np.float64)


def _count(customers: Places, values: NDArray[Any], number: int) -> Values:
    return np.bincount(customers, minlength=number).astype(np.float64)


def _mean(customers: Places, values: Values, number: int) -> Values:
    return divided(_sum(customers, values, number), _count(customers, values, number))


def _last(customers: Places, values: Values, number: int) -> Values:
    found = np.full(number, np.nan)
    found[customers] = values
    return found


def _max(customers: Places, values: Values, number: int) -> Values:
    found = np.full(number, np.nan)
    np.fmax.at(found, customers, values)
    return found


# Of these, none is 0; of the others nothing can be told of nothing.
COUNTED = frozenset({Aggregate.SUM, Aggregate.COUNT, Aggregate.DAYS_ACTIVE})
AGGREGATES: dict[Aggregate, Callable[[Places, Values, int], Values]] = {
    Aggregate.SUM: _sum,
    Aggregate.MEAN: _mean,
    Aggregate.LAST: _last,
    Aggregate.MAX: _max,
    Aggregate.COUNT: _count,
}
