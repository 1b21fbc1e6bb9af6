"""Until when a follow-up is due: so many working hours on, on the clock of its owner."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from actions.domain.follow_ups.states import State
from surveys.domain.timing import IsHoliday, SendWindow, closes_at, next_allowed

# A quarter of working days: later than that nobody is waited for.
LONGEST_HOURS = 600


@dataclass(frozen=True, slots=True)
class WorkHours:
    """When somebody works."""

    zone: dt.tzinfo
    window: SendWindow
    is_holiday: IsHoliday

    def opens(self, moment: dt.datetime) -> dt.datetime:
        return next_allowed(moment, zone=self.zone, window=self.window, is_holiday=self.is_holiday)

    def closes(self, moment: dt.datetime) -> dt.datetime | None:
        return closes_at(moment, zone=self.zone, window=self.window, is_holiday=self.is_holiday)


def is_overdue(state: State | str, due_at: dt.datetime, *, now: dt.datetime) -> bool:
    """In SQL: `actions/models/follow_ups.py::overdue`."""
    return state != State.CLOSED and due_at < now


def due_after(start: dt.datetime, *, hours: int, work: WorkHours) -> dt.datetime:
    left, at = dt.timedelta(hours=hours), work.opens(start)
    while (end := work.closes(at)) is not None and at + left > end:
        left -= end - at
        at = work.opens(end)
    return at + left


def due_on(day: dt.date, *, work: WorkHours) -> dt.datetime:
    """At the end of that working day, or of the next one where nobody works on it."""
    opening = work.opens(dt.datetime.combine(day, dt.time(0), tzinfo=work.zone))
    return work.closes(opening) or opening + dt.timedelta(days=1)
