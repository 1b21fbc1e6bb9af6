"""Periods: half-open ranges of days. Today is always an argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
DAYS_A_MONTH = 365.25 / 12
# What a report can be asked for: near the ends of the calendar the period before has no dates.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
# In a trend each month is a condition of one query, and SQLite takes a thousand of them.
LONGEST_YEARS = 50


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, but without, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"The period ends ({self.end}) before it has a day ({self.start}).")

    @classmethod
    def from_inclusive(cls, from_: date, to: date) -> Period:
        return cls(from_, to + ONE_DAY)

    @property
    def last_day(self) -> date:
        return self.end - ONE_DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def too_long(self) -> bool:
        return self.days > LONGEST_YEARS * 366

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def previous(self) -> Period:
        """The period of equal length just before."""
        return Period(self.start - (self.end - self.start), self.start)

    def year_earlier(self) -> Period:
        """The same dates a year earlier.

        Both edges move, not the last day, so that a whole February stays a whole February. An edge
        on Feb 29 has no counterpart: a start falls back to Feb 28 and an end goes on to Mar 1,
        which keeps every day of Feb 28 inside.
        """
        return Period(
            _year_before(self.start, leap_day=(2, 28)), _year_before(self.end, leap_day=(3, 1))
        )


def so_far(period: Period, *, today: date) -> Period | None:
    """The days that have come, today included; None where all or none of them have."""
    return (
        Period(period.start, today + ONE_DAY) if period.start <= today < period.last_day else None
    )


def same_days_before(elapsed: Period, *, months: int) -> Period:
    """As many days from the start of the calendar part before, which is so many months long."""
    start = add_months(elapsed.start, months=-months)
    return Period(start, min(start + (elapsed.end - elapsed.start), elapsed.start))


def month_of(day: date) -> Period:
    start = day.replace(day=1)
    return Period(start, add_months(start, months=1))


def quarter_of(day: date) -> Period:
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(start, add_months(start, months=3))


def months(period: Period) -> list[Period]:
    """The calendar months of the period; the first and last are cut at its edges."""
    return list(_calendar_parts(period, length=1))


def quarters(period: Period) -> list[Period]:
    """The calendar quarters of the period; the first and last are cut at its edges."""
    return list(_calendar_parts(period, length=3))


def with_months_before(period: Period, *, months: int) -> Period:
    """The period with so many whole months before the one that it starts in; 0 changes nothing."""
    if months == 0:
        return period
    return Period(add_months(period.start.replace(day=1), months=-months), period.end)


def month_label(period: Period) -> str:
    return f"{period.start:%Y-%m}"


def quarter_label(period: Period) -> str:
    return f"{period.start.year}-Q{(period.start.month - 1) // 3 + 1}"


def this_quarter(today: date) -> Period:
    return quarter_of(today)


def fiscal_year(today: date, *, first_month: int = 4) -> Period:
    """The fiscal year that contains today; Japanese ones begin in April."""
    year = today.year if today.month >= first_month else today.year - 1
    return Period(date(year, first_month, 1), date(year + 1, first_month, 1))


def last_12_months(today: date) -> Period:
    """The year that ends with today, today included."""
    end = today + ONE_DAY
    return Period(_year_before(end, leap_day=(3, 1)), end)


def last_month_end_before(day: date) -> date:
    return day.replace(day=1) - ONE_DAY


def last_month_end_on_or_before(day: date) -> date:
    return last_month_end_before(day + ONE_DAY)


def add_months(first_of_month: date, *, months: int) -> date:
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _calendar_parts(period: Period, *, length: int) -> Iterator[Period]:
    whole = month_of if length == 1 else quarter_of
    start = period.start
    while start < period.end:
        end = min(whole(start).end, period.end)
        yield Period(start, end)
        start = end


def _year_before(day: date, *, leap_day: tuple[int, int]) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, *leap_day)
    return day.replace(year=day.year - 1)
