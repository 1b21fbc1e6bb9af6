"""The months of the metrics: each is the report of that month, so that the two say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext as _

from analytics.charts.drawing import Chart
from analytics.charts.metrics import metric_alt, metric_chart
from analytics.charts.trend import Timeline
from analytics.domain.availability import is_meaningful
from analytics.domain.metrics.catalogue import Metric
from analytics.domain.periods import ONE_DAY, Period, add_months, month_label, month_of, months
from analytics.labels.metrics import metric_name
from analytics.queries.customers.money import Money
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters
from analytics.reports.metrics.report import MetricReport, metric_report
from analytics.reports.metrics.rows import Figure, MetricRow, kind_of
from analytics.reports.report import CountOrNone, Flag, Kind, Table, columns_of, values_of

SHORTEST, LONGEST = 12, 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A metric in one month."""

    period: Annotated[str, Kind.PERIOD]
    value: Figure
    low: Figure
    high: Figure
    numerator: CountOrNone
    denominator: CountOrNone
    reportable: Flag
    # For pages: its days, and whether the month is over.
    days: Period
    whole: bool


COLUMNS = columns_of(Point)
Course = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class OneMetric:
    """A metric by segment, as the report of all has it, and month by month."""

    name: ClassVar[str] = "metrics"

    metric: Metric
    report: MetricReport
    course: Course

    @property
    def filters(self) -> Filters:
        return self.report.filters

    @property
    def period(self) -> Period:
        return self.report.period

    @property
    def money(self) -> Money:
        return self.report.money

    @property
    def unknown(self) -> list[str]:
        return self.report.unknown

    @property
    def file_name(self) -> str:
        return f"{self.metric.key}-{self.report.file_name}"

    def charts(self, *, today: dt.date) -> list[Chart]:
        title = _("Does it rise or fall? %(metric)s by month") % {
            "metric": metric_name(self.metric.key)
        }
        label = metric_name(self.metric.key)
        line = Timeline(
            [each.period for each in self.course],
            unfinished=frozenset(each.period for each in self.course if not each.whole),
        )
        unit, currency = self.metric.written_as, self.money.currency
        total = self.report.rows[0]
        return [
            Chart(
                "course",
                title,
                draw=partial(
                    metric_chart,
                    self.course,
                    unit=unit,
                    label=label,
                    currency=currency,
                    timeline=line,
                    target=total.target,
                ),
                alt=partial(metric_alt, self.course, unit=unit, label=label, currency=currency),
            )
        ]

    def tables(self) -> list[Table]:
        rows = [values_of(each, COLUMNS) for each in self.course]
        kinds = [kind_of(self.metric)] * len(rows)
        return [*self.report.tables(), Table("trend", COLUMNS, rows, row_kinds=kinds)]

    def as_dict(self) -> dict[str, Any]:
        return self.report.as_dict()


@one_snapshot()
def one_metric(filters: Filters, metric: Metric, *, today: dt.date) -> OneMetric:
    keys = [metric.key]
    report = metric_report(filters, today=today, keys=keys)
    return OneMetric(metric, report, metric_courses(filters, today=today, keys=keys)[metric.key])


@one_snapshot()
def metric_courses(
    filters: Filters, *, today: dt.date, keys: Sequence[str] = (), draws: bool = True
) -> Mapping[str, Course]:
    """By the key of the metric: the calendar months of the period, the last one as far as it has
    come, and those before it to make a year. `draws`: see `metric_report`."""
    parts = months(_span(filters.period, today=today))
    plain = replace(filters, by=(), compare=None, same_days=None)
    report = partial(metric_report, today=today, keys=keys, draws=draws)
    reports = [report(replace(plain, period=part)) for part in parts]
    return {
        rows[0].metric: tuple(
            _point(row, part, today=today) for row, part in zip(rows, parts, strict=True)
        )
        for rows in zip(*(report.rows for report in reports), strict=True)
    }


def _span(period: Period, *, today: dt.date) -> Period:
    last = min(period.last_day, today)
    month = last.replace(day=1)
    first = min(period.start.replace(day=1), add_months(month, months=1 - SHORTEST))
    return Period(max(first, add_months(month, months=1 - LONGEST)), last + ONE_DAY)


def _point(row: MetricRow, part: Period, *, today: dt.date) -> Point:
    known = is_meaningful(row.metric, period=part, today=today)
    return Point(
        period=month_label(part),
        value=row.value if known else None,
        low=row.low if known else None,
        high=row.high if known else None,
        numerator=row.numerator,
        denominator=row.denominator,
        reportable=row.reportable,
        days=part,
        whole=part == month_of(part.start) and part.last_day < today,
    )
