"""When a mail may leave: the respondent's hours, the campaign's pace, retries and reminders."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

IsHoliday = Callable[[date], bool]

WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
JITTER = 0.2
GIVE_UP_AFTER = timedelta(hours=24)

_MIDNIGHT = time(0)
_HOUR = timedelta(hours=1)
_HOUR_IN_MICROSECONDS = 3_600_000_000
# Longer than any run of holidays; beyond it the window can never open.
_SEARCH_DAYS = 400
_CLOSING_DAYS = 8


class TimingError(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class SendWindow:
    """Local wall time from `start` to before `end`; an `end` of 00:00 is the end of the day."""

    start: time = time(9)
    end: time = time(18)
    weekdays: frozenset[int] = WEEKDAYS

    def __post_init__(self) -> None:
        if self.end != _MIDNIGHT and self.start >= self.end:
            raise TimingError("the sending window must start before it ends")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise TimingError("the sending window needs at least one weekday, 0 (Monday) to 6")

    def has_time(self, moment: time) -> bool:
        return self.start <= moment and (self.end == _MIDNIGHT or moment < self.end)


ANY_TIME = SendWindow(start=_MIDNIGHT, end=_MIDNIGHT, weekdays=EVERY_DAY)


def no_holidays(day: date) -> bool:
    return False


def is_allowed(
    moment: datetime, *, zone: tzinfo, window: SendWindow, is_holiday: IsHoliday = no_holidays
) -> bool:
    local = moment.astimezone(zone)
    open_day = local.weekday() in window.weekdays and not is_holiday(local.date())
    return open_day and window.has_time(local.time())


def next_allowed(
    moment: datetime, *, zone: tzinfo, window: SendWindow, is_holiday: IsHoliday = no_holidays
) -> datetime:
    """The moment itself where it is allowed, else when the window opens next; in UTC."""

    def allowed(candidate: datetime) -> bool:
        return is_allowed(candidate, zone=zone, window=window, is_holiday=is_holiday)

    if allowed(moment):
        return moment.astimezone(UTC)
    today = moment.astimezone(zone).date()
    for ahead in range(_SEARCH_DAYS):
        for opening in _openings(today + timedelta(days=ahead), start=window.start, zone=zone):
            if opening >= moment and allowed(opening):
                return opening
    raise TimingError(f"no sending window opens within {_SEARCH_DAYS} days")


def closes_at(
    moment: datetime, *, zone: tzinfo, window: SendWindow, is_holiday: IsHoliday = no_holidays
) -> datetime | None:
    """Until when a mail of this allowed moment may leave: the end of the open hours around it.

    `None`: at any hour. Hours that stay open for more than a week are told of for a week only.
    """
    if window == ANY_TIME and is_holiday is no_holidays:
        return None
    today = moment.astimezone(zone).date()
    edge = moment
    for ahead in range(_CLOSING_DAYS):
        for edge in _edges(today + timedelta(days=ahead), window=window, zone=zone):
            if edge > moment and not is_allowed(
                edge, zone=zone, window=window, is_holiday=is_holiday
            ):
                return edge
    return edge


def _edges(day: date, *, window: SendWindow, zone: tzinfo) -> list[datetime]:
    """All moments of a day at which hours can close: they end, the day ends, clocks change."""
    tomorrow = day + timedelta(days=1)
    ends = _openings(day, start=window.end, zone=zone) if window.end != _MIDNIGHT else []
    first, last = (_openings(each, start=_MIDNIGHT, zone=zone) for each in (day, tomorrow))
    return sorted({*ends, *last, *_clock_change(first[0], last[-1], zone=zone)})


def _clock_change(start: datetime, end: datetime, *, zone: tzinfo) -> list[datetime]:
    offset = start.astimezone(zone).utcoffset()
    if offset == end.astimezone(zone).utcoffset():
        return []
    while end - start > timedelta(seconds=1):
        middle = start + (end - start) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            start = middle
        else:
            end = middle
    return [end.replace(microsecond=0)]


def _openings(day: date, *, start: time, zone: tzinfo) -> list[datetime]:
    """The moments at which the wall clock shows `start`, in order.

    Where clocks go back there are two. Where they skip it, the first reading lands as much after
    the gap as `start` lies inside it; the other lands before the window and is not allowed.
    """
    local = datetime.combine(day, start, tzinfo=zone)
    return sorted({local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)})


class Pace:
    """Moments one step apart, each given out once, whatever the zone of who it is given to.

    So no more than `per_hour` mails leave in any hour, also where the windows of several zones
    overlap. Used steps are kept as runs, as a campaign fills nearly all of them in order.
    """

    def __init__(self, origin: datetime, *, per_hour: int, used: Iterable[datetime] = ()) -> None:
        if per_hour < 1:
            raise TimingError("the pace must be at least one mail an hour")
        self._origin = origin
        self._per_hour = per_hour
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._reached: dict[tzinfo, int] = {}
        for moment in used:
            self._use(round((moment - origin) / _HOUR * per_hour))

    def take(
        self,
        *,
        not_before: datetime,
        zone: tzinfo,
        window: SendWindow,
        is_holiday: IsHoliday = no_holidays,
    ) -> datetime:
        """The first step not given out yet at which the zone's window is open."""
        # All steps before the one last given to this zone are used or closed to it.
        step = max(self._step_from(not_before), self._reached.get(zone, 0))
        closed = 0
        while closed < _SEARCH_DAYS:
            step = self._unused_from(step)
            moment = self._moment(step)
            opening = next_allowed(moment, zone=zone, window=window, is_holiday=is_holiday)
            if opening == moment:
                self._use(step)
                self._reached[zone] = step
                return opening
            step = self._step_from(opening)
            closed += not is_allowed(
                self._moment(step), zone=zone, window=window, is_holiday=is_holiday
            )
        raise TimingError("the sending window is shorter than the time between two mails")

    def _moment(self, step: int) -> datetime:
        return self._origin + _HOUR * step / self._per_hour

    def _step_from(self, moment: datetime) -> int:
        microseconds = (moment - self._origin) // timedelta(microseconds=1)
        return max(0, -(-microseconds * self._per_hour // _HOUR_IN_MICROSECONDS))

    def _unused_from(self, step: int) -> int:
        run = bisect_right(self._starts, step) - 1
        return max(step, self._ends[run]) if run >= 0 else step

    def _use(self, step: int) -> None:
        """Add the step to the run it follows or precedes, joining the two it lies between."""
        run = bisect_right(self._starts, step)
        follows = run > 0 and self._ends[run - 1] >= step
        precedes = run < len(self._starts) and self._starts[run] == step + 1
        if follows and precedes:
            self._ends[run - 1] = self._ends[run]
            del self._starts[run], self._ends[run]
        elif follows:
            self._ends[run - 1] = max(self._ends[run - 1], step + 1)
        elif precedes:
            self._starts[run] = step
        else:
            self._starts.insert(run, step)
            self._ends.insert(run, step + 1)


def retry_at(
    attempt: int, *, now: datetime, first_attempt_at: datetime, fraction: float
) -> datetime | None:
    """When to try again after failed attempt number `attempt` (from 1); `None` to give up.

    `fraction` is a random number in [0, 1): it spreads the delay by 20 % to both sides, so that
    mails refused together do not come back together.
    """
    delay = BACKOFF[min(attempt, len(BACKOFF)) - 1] * (1 - JITTER + 2 * JITTER * fraction)
    again = now + delay
    return again if again <= first_attempt_at + GIVE_UP_AFTER else None
