"""When a campaign that goes on asks whom: every few months, or around a date of theirs.

What it asks somebody for is an *occasion*: a round of its own, or the date itself. Nobody is asked
twice for one, whatever becomes of the campaign or of the date meanwhile.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from hashlib import blake2b

from surveys.domain.frequency import Kept

IsOpen = Callable[[date], bool]

MONTHS_AT_MOST = 36
DAYS_AROUND = 730
LATEST_DAYS_AT_MOST = 60
_DAY = timedelta(days=1)
_LAST_CHANCE = timedelta(days=4)
# Longer than any run of days without e-mails; of a campaign that has none the date itself is taken.
_SEARCH_DAYS = 400
# A date that is moved is the same one, as a ticket that follows another soon; a renewal comes after
# a year, or half of one.
_REST_AROUND_A_DATE = timedelta(days=150)


class Repeat(StrEnum):
    ONCE = ""
    EVERY = "every"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Occasion:
    """`key` names it for good; it begins at `due_at`, and from `over_at` on it has passed."""

    key: str
    due_at: datetime
    over_at: datetime


def kept_for(occasion: Occasion, *, gap: timedelta) -> Kept:
    """The slot that others leave: one that comes free shortly before the end is in time.

    Not at the end itself: an e-mail of the last day may find a weekend in its way. With a gap
    nothing is asked so shortly before the day that this would have to wait.
    """
    at = max(occasion.due_at, occasion.over_at - _LAST_CHANCE)
    return Kept(at, occasion.due_at - gap if gap else None)


def rest_of(repeat: Repeat, *, months: int) -> timedelta:
    """For how long nobody is asked again by the campaign, also where its rule was changed."""
    return timedelta(days=15 * months) if repeat is Repeat.EVERY else _REST_AROUND_A_DATE


def share_of(person_id: int, *, campaign_id: int) -> float:
    """Where in a round somebody stands, from 0 to before 1: even over people, the same for good."""
    digest = blake2b(f"{campaign_id}/{person_id}".encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56


@dataclass
class Rounds:
    """Rounds of some months each, in each of which everybody has their own working day."""

    start: date
    months: int
    latest_days: int
    is_open: IsOpen
    zone: tzinfo
    _days: dict[int, list[date]] = field(default_factory=dict)

    def occasions(self, share: float, *, day: date) -> Iterator[Occasion]:
        """Those that are not over on the day, in their order, without end.

        By the months of both days the round may be one too far, and the one before it still open.
        """
        number = max(0, self._number_on(day) - 2)
        while True:
            due = self._due(number, share)
            latest = min(due + self.latest_days * _DAY, self._due(number + 1, share) - _DAY)
            if latest >= day:
                key = months_after(self.start, number * self.months).isoformat()
                yield _occasion(key, due, latest, self.zone)
            number += 1

    def _number_on(self, day: date) -> int:
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return max(0, months // self.months)

    def _due(self, number: int, share: float) -> date:
        days = self._days.get(number)
        if days is None:
            days = self._days[number] = self._days_of(number)
        return days[int(share * len(days))]

    def _days_of(self, number: int) -> list[date]:
        first, end = (months_after(self.start, each * self.months) for each in (number, number + 1))
        days = [first + each * _DAY for each in range((end - first).days)]
        return [day for day in days if self.is_open(day)] or days


def around(base: date, *, days: int, latest_days: int, is_open: IsOpen, zone: tzinfo) -> Occasion:
    """So many days after the date, before it where they are negative, or the next working day."""
    wanted = base + days * _DAY
    ahead = (wanted + each * _DAY for each in range(_SEARCH_DAYS))
    due = next(filter(is_open, ahead), wanted)
    return _occasion(base.isoformat(), due, due + latest_days * _DAY, zone)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last one."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _occasion(key: str, due: date, latest: date, zone: tzinfo) -> Occasion:
    due_at, over_at = (datetime.combine(each, time(), tzinfo=zone) for each in (due, latest + _DAY))
    return Occasion(key, due_at, over_at)
