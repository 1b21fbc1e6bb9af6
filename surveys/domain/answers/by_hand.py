"""Answers given by phone or in a talk: of which days, and at which moment they count."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from surveys.domain.frequency import WINDOW

NOON = dt.time(12)


def first_day(today: dt.date) -> dt.date:
    """What is older takes no slot any more; it comes by a file."""
    return today - WINDOW + dt.timedelta(days=1)


def moment_on(day: dt.date, *, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Today: now. Of an earlier day only the day is known, so its noon."""
    if day >= now.astimezone(zone).date():
        return now
    return dt.datetime.combine(day, NOON, tzinfo=zone).astimezone(dt.UTC)
