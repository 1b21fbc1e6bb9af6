"""Windows that count working days, so that long holidays are no loss of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

SATURDAY = 5


def calendar_days(day: date, number: int, *, is_holiday: Callable[[date], bool]) -> int:
    """How many days, the given one the last, hold so many working days."""
    found, length = 0, 0
    while found < number:
        each = day - timedelta(days=length)
        found += each.weekday() < SATURDAY and not is_holiday(each)
        length += 1
    return length
