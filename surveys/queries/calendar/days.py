from __future__ import annotations

import datetime as dt
from typing import overload
from zoneinfo import ZoneInfo

from django.conf import settings


def day_of(moment: dt.datetime) -> dt.date:
    """In the organisation's zone."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@overload
def midnight(day: dt.date, *, days: int = 0) -> dt.datetime: ...
@overload
def midnight(day: dt.date | None, *, days: int = 0) -> dt.datetime | None: ...
def midnight(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    """The first moment of the day, or of the one `days` later, in the organisation's zone."""
    if day is None:
        return None
    later = day + dt.timedelta(days=days)
    return dt.datetime.combine(later, dt.time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
