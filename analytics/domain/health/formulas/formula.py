"""The organisation's own formula of a health score: what is measured, how it counts, its bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analytics.domain.health.formulas.sources import Source


class Aggregate(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    LAST = "last"
    MAX = "max"
    DAYS_ACTIVE = "days_active"
    COUNT = "count"
    DAYS_SINCE = "days_since"


class Direction(StrEnum):
    HIGH_IS_GOOD = "high_is_good"
    LOW_IS_GOOD = "low_is_good"


class Touch(StrEnum):
    """How closely the customers of a band are cared for."""

    HIGH = "high"
    LOW = "low"
    TECH = "tech"


class WindowDays(StrEnum):
    """What a window counts: every day, or Monday to Friday without the holidays."""

    CALENDAR = "calendar"
    WORKING = "working"


class CapReason(StrEnum):
    OPEN_FOLLOW_UP = "open_follow_up"


PERCENTILE = "percentile"
PREVIOUS_WINDOW = "previous_window"


@dataclass(frozen=True, slots=True)
class Measure:
    key: str
    group: str
    source: Source
    weight: float
    # Knots of (value, points), straight between them and flat outside; None: percentile.
    knots: tuple[tuple[float, float], ...] | None = None
    direction: Direction = Direction.HIGH_IS_GOOD
    aggregate: Aggregate = Aggregate.LAST
    window_days: int = 0
    window_counts: WindowDays = WindowDays.CALENDAR
    # None: a fact of any age counts.
    max_age_days: int | None = None
    # What the value is divided by.
    per: Source | None = None
    # The relative change against the window just before instead of the value itself.
    is_change: bool = False


def plain_measure(source: Source) -> Measure:
    """The last that is known, of any age."""
    return Measure(str(source), "", source, 1.0)


@dataclass(frozen=True, slots=True)
class Cap:
    when: CapReason
    at_most: float


@dataclass(frozen=True, slots=True)
class Band:
    name: str
    # The lowest score that is in it.
    lowest: float
    touch: Touch | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    name: str
    unhealthy_means: str
    measures: tuple[Measure, ...]
    # The best first.
    bands: tuple[Band, ...]
    # Values by dimension; empty: it applies to every customer.
    applies_to: Mapping[str, tuple[str, ...]]
    min_known_share: float
    caps: tuple[Cap, ...] = ()
    too_new_days: int = 0

    @property
    def total_weight(self) -> float:
        return sum(each.weight for each in self.measures)

    @property
    def sources(self) -> tuple[Source, ...]:
        """All that it reads, each once."""
        read = [each.source for each in self.measures]
        divisors = [each.per for each in self.measures if each.per]
        return tuple(dict.fromkeys([*read, *divisors]))

    def key_of_band(self, place: int) -> str | None:
        return self.bands[place].name if place >= 0 else None
