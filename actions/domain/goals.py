"""Goals: what a metric shall be by a day, and whether it is on its way there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from analytics.domain.metrics.catalogue import BY_KEY, Group, Metric
from analytics.domain.statistics.interval import Interval
from analytics.domain.verdicts import Verdict, verdict_on

# Whole weeks, so that a day of the year before is the same day of the week.
YEAR = timedelta(days=364)
# A reading is taken every week, and on the last day.
EVERY = timedelta(days=7)
# How many days a reading looks at.
WINDOWS = (28, 91, 182, 364)
USUAL_WINDOW = 91
_NOTHING = 1e-9
# Before the name of a band of the health score, in the key of what a goal is about.
_BAND = "health:"


def key_of_band(band: str) -> str:
    return _BAND + band


def band_of(key: str) -> str:
    """Empty where it is a metric of the catalogue."""
    return key.removeprefix(_BAND) if key.startswith(_BAND) else ""


def definition_of(key: str) -> Metric:
    """Also of the share of the customers with a health score that are in one of its bands."""
    return Metric(key, "", "", group=Group.USE) if band_of(key) else BY_KEY[key]


class Shape(StrEnum):
    STRAIGHT = "straight"
    LAST_YEAR = "last_year"


class Status(StrEnum):
    ON_COURSE = "on_course"
    OFF_COURSE = "off_course"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Way:
    """From where to where a metric shall go; a share as a fraction of 1."""

    first_day: date
    # None: the target holds from the first day on, without an end.
    last_day: date | None
    start: float
    target: float
    # Of the metric: whether little of it is wanted.
    at_most: bool = False

    @property
    def downwards(self) -> bool:
        """Where start and target are the same, it is to be held where the metric wants it."""
        return self.target < self.start if self.target != self.start else self.at_most

    def contains(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def expected(self, share: float) -> float:
        """Where the metric should be when so much of the way lies behind it."""
        return self.start + (self.target - self.start) * share

    def straight_share(self, day: date) -> float:
        if self.last_day is None:
            return 1.0
        whole = (self.last_day - self.first_day).days
        return min(max((day - self.first_day).days / whole, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class YearBefore:
    """The metric a year before the way's beginning, its end, and the day; None: not known."""

    first: float | None
    last: float | None
    value: float | None

    @property
    def share(self) -> float | None:
        """How much of that year's move lay behind on the day; None where nothing moved."""
        known = [each for each in (self.first, self.last, self.value) if each is not None]
        if len(known) < 3:
            return None
        first, last, value = known
        move = last - first
        return None if math.isclose(move, 0.0, abs_tol=_NOTHING) else (value - first) / move


def status_of(way: Way, *, expected: float, interval: Interval | None) -> Status:
    """By the interval, not the figure: where the course runs through it nobody can tell."""
    verdict = verdict_on(expected, interval=interval, at_most=way.downwards)
    return {
        Verdict.MET: Status.ON_COURSE,
        Verdict.NOT_MET: Status.OFF_COURSE,
        Verdict.CANNOT_TELL: Status.CANNOT_TELL,
    }[verdict]


def reading_days(way: Way, *, today: date) -> Iterator[date]:
    """The days up to today on which a reading belongs, the earliest first."""
    day, last = way.first_day, way.last_day or date.max
    while day <= min(last, today):
        yield day
        if day == last:
            return
        day = min(day + EVERY, last)
