from __future__ import annotations

import datetime as dt

from accounts.domain.facts.freshness import is_late, usual_rhythm

MONDAY = dt.date(2026, 11, 23)


def daily(count: int, *, end: dt.date = MONDAY) -> list[dt.date]:
    return [end - dt.timedelta(days=back) for back in range(count)]


def test_weekends_belong_to_the_rhythm_of_working_days() -> None:
    working = [day for day in daily(40) if day.weekday() < 5]

    assert usual_rhythm(daily(40), []) == 1
    assert usual_rhythm(working, []) == 3


def test_one_outage_does_not_make_a_source_slow() -> None:
    days = daily(20) + daily(20, end=MONDAY - dt.timedelta(days=60))

    assert usual_rhythm(days, []) == 1


def test_days_that_come_once_a_month_are_not_late_every_week() -> None:
    arrivals = [dt.date(2026, month, 1) for month in (8, 9, 10, 11)]

    rhythm = usual_rhythm(daily(40, end=dt.date(2026, 10, 31)), arrivals)

    assert rhythm == 31
    assert not is_late(dt.date(2026, 10, 31), rhythm=rhythm, today=MONDAY)


def test_two_days_tell_no_rhythm() -> None:
    assert usual_rhythm(daily(2), [MONDAY]) is None
    assert not is_late(dt.date(2020, 1, 1), rhythm=None, today=MONDAY)


def test_late_is_more_than_twice_the_rhythm() -> None:
    assert not is_late(MONDAY - dt.timedelta(days=14), rhythm=7, today=MONDAY)
    assert is_late(MONDAY - dt.timedelta(days=15), rhythm=7, today=MONDAY)
