"""What became of a metric where something was changed, and where nothing was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import Dimension
from actions.domain.improvements import Effect, Result, difference_in_differences, result_of
from actions.models import Improvement
from analytics.domain.metrics.catalogue import CATALOGUE, Metric, Unit
from analytics.domain.metrics.money import KEPT
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import Change
from analytics.queries.customers.table import customer_table
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.dimensions import frozen_values
from analytics.queries.filters import Compare, Filters
from analytics.reports.metrics.report import metric_report
from analytics.reports.metrics.rows import MetricRow


def can_be_compared(metric: Metric) -> bool:
    """Only those whose change has an interval."""
    return metric.key in KEPT or metric.unit in (Unit.SHARE, Unit.POINTS)


COMPARED = tuple(each for each in CATALOGUE if can_be_compared(each))


@dataclass(frozen=True, slots=True)
class Compared:
    """The days that are compared, the metric of both groups, and the effect; None: not known."""

    period: Period
    before: Period
    touched: MetricRow
    untouched: MetricRow
    effect: Effect | None
    result: Result


def days_compared(improvement: Improvement, *, today: dt.date) -> Filters | None:
    """The days so far; None where it has not begun."""
    last = min(_end(improvement), today)
    if last <= improvement.began_on:
        return None
    return Filters(Period(improvement.began_on, last), compare=Compare.PREVIOUS, today=today)


def _end(improvement: Improvement) -> dt.date:
    return improvement.began_on + dt.timedelta(days=improvement.span_days)


@one_snapshot()
def compared(improvement: Improvement, *, today: dt.date) -> Compared | None:
    """None where it has not begun."""
    filters = days_compared(improvement, today=today)
    if filters is None:
        return None
    name, value = improvement.dimension.name, improvement.value
    is_over = _end(improvement) <= today
    others = sorted(_values(improvement.dimension, today=today) - {value})
    touched, untouched = (
        _row(improvement, filters, name, values, today=today) for values in ([value], others)
    )
    effect = _effect(touched, untouched)
    return Compared(
        filters.period,
        filters.period.previous(),
        touched,
        untouched,
        effect,
        result_of(effect, at_most=improvement.definition.at_most, is_over=is_over),
    )


def _values(dimension: Dimension, *, today: dt.date) -> set[str]:
    """Every value that an answer or a customer has."""
    found = frozen_values([dimension])[dimension.name]
    if dimension.source != Dimension.Source.CUSTOMER:
        return found
    table = customer_table([dimension])
    return found | {str(each) for each in table.present(today)[dimension.name].unique()}


def _row(
    improvement: Improvement,
    filters: Filters,
    name: str,
    values: Sequence[str],
    *,
    today: dt.date,
) -> MetricRow:
    chosen = replace(filters, where={name: values})
    return metric_report(chosen, today=today, keys=[improvement.metric]).rows[0]


def _effect(touched: MetricRow, untouched: MetricRow) -> Effect | None:
    """None where one of the four figures is not known, or rests on too few."""
    changes = [_change(each) for each in (touched, untouched)]
    known = [each for each in changes if each is not None]
    if len(known) < len(changes) or not (touched.reportable and untouched.reportable):
        return None
    return difference_in_differences(known[0], untouched=known[1])


def _change(row: MetricRow) -> Change | None:
    figures = (row.change, row.change_low, row.change_high, row.change_p_value)
    known = [each for each in figures if each is not None]
    return Change(*known) if len(known) == len(figures) else None
