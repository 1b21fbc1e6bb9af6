"""When usage became quiet: what a window holds against the window before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

WINDOW_DAYS = 28
ONE_DAY = dt.timedelta(days=1)


def is_quiet(before: float, now: float, *, percent: int) -> bool:
    """Who had no use before has none to lose."""
    return before > 0 and now <= before * (100 - percent) / 100


def quiet_since(readings: Mapping[dt.date, float], *, on: dt.date, percent: int) -> dt.date | None:
    """The first of the days up to `on` on all of which it was quiet; None: it is not, or the
    silence is older than a window and no news."""
    since = None
    for back in range(WINDOW_DAYS + 1):
        day = on - back * ONE_DAY
        now = _sum(readings, last=day)
        before = _sum(readings, last=day - WINDOW_DAYS * ONE_DAY)
        if not is_quiet(before, now, percent=percent):
            return since
        since = day
    return None


def _sum(readings: Mapping[dt.date, float], *, last: dt.date) -> float:
    return sum(readings.get(last - back * ONE_DAY, 0.0) for back in range(WINDOW_DAYS))
