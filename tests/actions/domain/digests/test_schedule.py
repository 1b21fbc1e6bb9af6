from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from actions.domain.digests.schedule import days_told, due_day, week_name

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = dt.date(2026, 11, 23)
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(23, 8), MONDAY),
        (at(23, 7, 59), None),
        # Caught up after an outage, but not when the next one tells enough.
        (at(26, 8), MONDAY),
        (at(26, 8, 1), None),
        (at(29, 12), None),
        (at(30, 8), dt.date(2026, 11, 30)),
    ],
)
def test_it_is_due_from_its_moment_on_the_organisations_clock_for_three_days(now, due) -> None:
    assert due_day(now, weekday=0, hour=8, zone=TOKYO, since=LONG_AGO) == due


def test_who_asks_for_it_after_its_moment_waits_for_the_next() -> None:
    now = at(23, 9)
    assert due_day(now, weekday=0, hour=8, zone=TOKYO, since=at(23, 8, 30)) is None
    assert due_day(now, weekday=0, hour=8, zone=TOKYO, since=at(23, 7)) == MONDAY


def test_a_week_of_the_calendar_has_one_name_and_tells_of_the_seven_days_before() -> None:
    days = [MONDAY + dt.timedelta(days=number) for number in range(7)]
    assert {week_name(each) for each in days} == {"2026-W48"}
    assert week_name(dt.date(2027, 1, 3)) == "2026-W53"
    assert days_told(MONDAY) == (dt.date(2026, 11, 16), dt.date(2026, 11, 22))
