"""When a weekly digest is due, and of which days it tells."""

from __future__ import annotations

import datetime as dt

WEEK = dt.timedelta(days=7)
# After an outage a digest still goes out so much later; then the next one tells enough.
CATCH_UP = dt.timedelta(days=3)


def due_day(
    now: dt.datetime, *, weekday: int, hour: int, zone: dt.tzinfo, since: dt.datetime
) -> dt.date | None:
    """The day of the digest that should have gone out by now; None where none should, any more.

    `since`: from when it was wanted like this. One before that was nobody's.
    """
    today = now.astimezone(zone).date()
    day = today - dt.timedelta(days=(today.weekday() - weekday) % 7)
    if _moment(day, hour, zone) > now:
        day -= WEEK
    moment = _moment(day, hour, zone)
    return day if now - moment <= CATCH_UP and moment >= since else None


def week_name(day: dt.date) -> str:
    """Of the calendar: one digest in each, whatever day somebody moves it to."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def days_told(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last of the seven whole days before."""
    return day - WEEK, day - dt.timedelta(days=1)


def _moment(day: dt.date, hour: int, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=zone)
