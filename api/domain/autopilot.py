"""When Autopilot asks: everybody once in a cadence, spread evenly over weekday mornings."""

from __future__ import annotations

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

# Half a year, so that the cap lets each of them be asked.
CADENCE = dt.timedelta(days=183)
EMAIL = "email"
_FROM_HOUR, _HOURS = 5, 5
_SATURDAY = 5


def first_at(
    name: str, *, asked_at: dt.datetime | None, now: dt.datetime, zone: ZoneInfo
) -> dt.datetime:
    """A cadence after the last survey, else at a place of the first one that `name` decides."""
    place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:6]) % (10**6) / 10**6
    wanted = now + CADENCE * place if asked_at is None else max(asked_at + CADENCE, now)
    return _morning(wanted, place=place, zone=zone)


def next_at(name: str, *, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return first_at(name, asked_at=now, now=now, zone=zone)


def _morning(wanted: dt.datetime, *, place: float, zone: ZoneInfo) -> dt.datetime:
    """Of that day or of the weekday after it, at an hour of its own."""
    day = wanted.astimezone(zone).date()
    if day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=7 - day.weekday())
    hour, minute = divmod(int(place * 997) % (_HOURS * 60), 60)
    return dt.datetime.combine(day, dt.time(_FROM_HOUR + hour, minute), tzinfo=zone)
