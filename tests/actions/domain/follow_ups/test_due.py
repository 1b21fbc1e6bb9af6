from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from actions.domain.follow_ups.due import WorkHours, due_after, due_on
from surveys.domain.timing import SendWindow, no_holidays

TOKYO = ZoneInfo("Asia/Tokyo")
HOLIDAY = dt.date(2026, 11, 23)
WORK = WorkHours(TOKYO, SendWindow(), lambda day: day == HOLIDAY)
AROUND_THE_CLOCK = WorkHours(
    TOKYO, SendWindow(dt.time(0), dt.time(0), frozenset(range(7))), no_holidays
)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (at(18, 10), 4, at(18, 14)),
        (at(18, 10), 8, at(18, 18)),
        (at(18, 17), 2, at(19, 10)),
        # Nobody works from Friday evening to the Tuesday after a holiday.
        (at(20, 17, 30), 1, at(24, 9, 30)),
        (at(21, 3), 18, at(25, 18)),
    ],
)
def test_only_working_hours_count(start: dt.datetime, hours: int, due: dt.datetime) -> None:
    assert due_after(start, hours=hours, work=WORK) == due


def test_who_works_around_the_clock_has_hours_that_are_hours() -> None:
    assert due_after(at(21, 3), hours=300, work=AROUND_THE_CLOCK) == at(21, 3) + dt.timedelta(
        hours=300
    )


def test_a_day_is_due_at_its_end_or_at_that_of_the_next_one_that_is_worked() -> None:
    assert due_on(dt.date(2026, 11, 20), work=WORK) == at(20, 18)
    assert due_on(dt.date(2026, 11, 21), work=WORK) == at(24, 18)
