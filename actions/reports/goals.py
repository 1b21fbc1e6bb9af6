"""Goals with where they stand on a day, and where they should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated, Any, ClassVar

from actions.domain.goals import YEAR, Shape, YearBefore, band_of, definition_of, status_of
from actions.models import Goal
from actions.reports.health_share import share_in_band
from analytics.charts.drawing import Chart
from analytics.domain.metrics.estimates import Estimate
from analytics.domain.periods import Period
from analytics.queries.database.snapshot import once, one_snapshot
from analytics.queries.filters import Filters
from analytics.reports.metrics.report import metric_report
from analytics.reports.metrics.rows import Figure, MetricRow, interval_of, kind_of
from analytics.reports.report import Code, CountOrNone, Flag, Kind, Table, columns_of, values_of

Text = Annotated[str, Kind.TEXT]
Day = Annotated[str, Kind.DATE]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """One goal on one day; None is what cannot be known."""

    goal: Annotated[int, Kind.COUNT]
    parent: CountOrNone
    name: Text
    metric: Code
    unit: Code
    segment: Text
    owner: Text
    first_day: Day
    # Empty: it holds without an end.
    last_day: Day
    start: Figure
    target: Figure
    course: Code
    value: Figure
    low: Figure
    high: Figure
    numerator: CountOrNone
    denominator: CountOrNone
    reportable: Flag
    expected: Figure
    # Empty before the first day, and where the value is not known.
    status: Code


COLUMNS = columns_of(GoalRow)


@dataclass(frozen=True, slots=True)
class GoalReport:
    name: ClassVar[str] = "goals"

    day: dt.date
    rows: tuple[GoalRow, ...]

    @property
    def period(self) -> Period:
        return Period.from_inclusive(self.day, self.day)

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.day}"

    def charts(self, *, today: dt.date) -> list[Chart]:
        return []

    def tables(self) -> list[Table]:
        rows = [values_of(each, COLUMNS) for each in self.rows]
        return [
            Table(
                self.name,
                COLUMNS,
                rows,
                row_kinds=[kind_of(definition_of(each.metric)) for each in self.rows],
            )
        ]

    def as_dict(self) -> dict[str, Any]:
        return {"on": self.day.isoformat(), "goals": [asdict(row) for row in self.rows]}


@one_snapshot()
def goal_report(goals: Sequence[Goal], *, day: dt.date, today: dt.date) -> GoalReport:
    """As the data says today of the day."""
    return GoalReport(day, tuple(goal_row(each, day=day, today=today) for each in goals))


def goal_row(goal: Goal, *, day: dt.date, today: dt.date) -> GoalRow:
    """After its last day a goal stands where it stood on it; before its first it has no status."""
    day = min(day, goal.last_day or day)
    read, expected = _read(goal, day, today=today), _expected(goal, day, today=today)
    interval = interval_of(read)
    known = read.value is not None and day >= goal.first_day
    return GoalRow(
        goal=goal.pk,
        parent=goal.parent_id,
        name=str(goal),
        metric=goal.metric,
        unit=goal.definition.unit,
        segment=f"{goal.dimension.name}={goal.value}" if goal.dimension else "",
        owner=goal.owner.email if goal.owner else "",
        first_day=goal.first_day.isoformat(),
        last_day=goal.last_day.isoformat() if goal.last_day else "",
        start=goal.start,
        target=goal.target,
        course=goal.shape,
        value=read.value,
        low=read.low,
        high=read.high,
        numerator=read.numerator,
        denominator=read.denominator,
        reportable=read.reportable,
        expected=expected,
        status=status_of(goal.way, expected=expected, interval=interval) if known else "",
    )


def _read(goal: Goal, day: dt.date, *, today: dt.date) -> MetricRow:
    """Of the days that end with the day; a band, as it was last scored by then."""
    if band := band_of(goal.metric):
        return _of_band(goal, share_in_band(band, goal.dimension, goal.value, day=day))
    first = day - dt.timedelta(days=goal.window_days - 1)
    filters = Filters(Period.from_inclusive(first, day), where=goal.where, today=today)
    return metric_report(filters, today=today, keys=[goal.metric]).rows[0]


def _of_band(goal: Goal, found: Estimate) -> MetricRow:
    return MetricRow(
        segment={},
        metric=goal.metric,
        unit=goal.definition.unit,
        value=found.value,
        low=found.low,
        high=found.high,
        numerator=found.numerator,
        denominator=found.denominator,
        reportable=found.reportable,
    )


def _expected(goal: Goal, day: dt.date, *, today: dt.date) -> float:
    """Straight where last year has no shape."""
    way = goal.way
    share: float | None = None
    if goal.shape == Shape.LAST_YEAR and goal.last_day and way.contains(day):
        days = (goal.first_day - YEAR, goal.last_day - YEAR, day - YEAR)
        share = YearBefore(*(_last_year(goal, each, today=today) for each in days)).share
    return way.expected(way.straight_share(day) if share is None else share)


def _last_year(goal: Goal, day: dt.date, *, today: dt.date) -> float | None:
    """Its two ends are the same for all readings of a goal."""
    return once(f"goal {goal.pk} on {day}", partial(measured, goal, day, today=today))


def measured(goal: Goal, day: dt.date, *, today: dt.date) -> float | None:
    """None: not known."""
    return _read(goal, day, today=today).value
