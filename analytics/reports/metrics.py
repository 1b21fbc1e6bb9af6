"""The catalogue of metrics, of all customers and by segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import pandas as pd
from django.utils.translation import gettext as _

from accounts.domain.facts.known import event_fact
from accounts.queries.targets import known_targets
from analytics.charts.drawing import Chart
from analytics.counting.customers import ChosenCustomers
from analytics.domain.metrics.catalogue import CATALOGUE, Metric
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import Interval
from analytics.domain.verdicts import Verdict, verdict_on
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.facts.periods import facts_known_in, facts_of
from analytics.queries.filters import Filters, Scope, scope_of
from analytics.reports.metric_rows import (
    COLUMNS,
    MetricRow,
    Pair,
    of_segments,
    of_units,
    significant,
    units_of,
)
from analytics.reports.report import (
    Column,
    Kind,
    Table,
    dated,
    period_dict,
    unknown_dict,
    values_of,
)
from analytics.reports.segments import SegmentReport, segment_report

STATUS = {Verdict.MET: "met", Verdict.NOT_MET: "missed", Verdict.CANNOT_TELL: "open"}

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricReport:
    name: ClassVar[str] = "metrics"

    filters: Filters
    rows: tuple[MetricRow, ...]
    unknown: tuple[str, ...] = ()

    @property
    def period(self) -> Period:
        return self.filters.period

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    def charts(self, *, today: dt.date) -> list[Chart]:
        return []

    def tables(self) -> list[Table]:
        by = self.filters.by
        columns = [*(Column(name, Kind.DIMENSION) for name in by), *COLUMNS]
        rows = [
            [*(row.segment.get(name, "") for name in by), *values_of(row, COLUMNS)]
            for row in self.rows
        ]
        return [Table(self.name, columns, rows)]

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": period_dict(self.period),
            "by": list(self.filters.by),
            "rows": [asdict(row) for row in self.rows],
            **unknown_dict(self.unknown),
        }


@one_snapshot()
def metric_report(filters: Filters, *, today: dt.date, keys: Sequence[str] = ()) -> MetricReport:
    chosen = [each for each in CATALOGUE if not keys or each.key in keys]
    scope = scope_of(filters)
    read = partial(
        _Read, scope, needed={fact for each in chosen for fact in each.needs}, today=today
    )
    now = read(filters.period)
    before = read(filters.compared) if filters.compared else None
    found = {each.key: _pairs(each, now, before) for each in chosen}
    wanted = known_targets()
    rows = [
        row
        for each in chosen
        for row in _rows(each, found[each.key], by=filters.by, target=wanted.get(each.key))
    ]
    # The total of every metric first.
    rows.sort(key=lambda row: bool(row.segment))
    return MetricReport(
        filters, tuple(rows), _lacking(chosen, now) if scope.about_customers else ()
    )


def _lacking(chosen: Sequence[Metric], read: _Read) -> tuple[str, ...]:
    """Which file would bring what a metric lacks; what it rests on besides says its own report."""
    missing = {each: each.lacks(read.known) for each in chosen}
    return tuple(
        _("%(metric)s is unknown: import %(facts)s with %(command)s.")
        % {"metric": _(metric.name), "facts": ", ".join(facts), "command": _command(facts[0])}
        for metric, facts in missing.items()
        if facts
    )


def _command(fact: str) -> str:
    return "import_events" if fact.startswith(event_fact("")) else "import_customers"


class _Read:
    """What is read of one period: the segment report, the facts, and who belongs where."""

    def __init__(
        self, scope: Scope, period: Period, *, needed: Collection[str], today: dt.date
    ) -> None:
        filters = replace(scope.filters, period=period)
        self.segments: SegmentReport = segment_report(filters)
        self.known = facts_known_in(period, today=today) if scope.about_customers else set()
        self._facts = facts_of(period, needed=needed, today=today)
        self._by = list(filters.by)
        self.rows = {
            tuple(row.segment[name] for name in filters.by): row for row in self.segments.rows
        }
        self._customers = pd.DataFrame()
        if scope.about_customers:
            self._customers = ChosenCustomers(scope, periods=[period]).on(period)

    def units(self, metric: Metric) -> pd.DataFrame | None:
        """Of the chosen customers; None where no file told of what it needs."""
        if metric.lacks(self.known):
            return None
        rows = units_of(metric, self._facts)
        return rows[rows["customer"].isin(self._customers.index)]

    def split(self, rows: pd.DataFrame) -> Mapping[Key, pd.DataFrame]:
        names = self._customers[self._by].astype(str)
        keys = rows.join(names, on="customer")
        return {
            tuple(str(value) for value in key): group
            for key, group in keys.groupby(self._by)
            if isinstance(key, tuple)
        }


def _pairs(metric: Metric, now: _Read, before: _Read | None) -> dict[Key, Pair]:
    """By segment; the total has no name."""
    if not metric.needs:
        return _segment_pairs(metric, now, before)
    units, compared = now.units(metric), before.units(metric) if before else None
    compares = before is not None
    found: dict[Key, Pair] = {(): of_units(metric, units, compared, compares=compares)}
    if not now.segments.filters.by:
        return found
    parts = {} if units is None else now.split(units)
    earlier = {} if before is None or compared is None else before.split(compared)
    for key in now.rows:
        part = None if units is None else parts.get(key, units[:0])
        other = None if compared is None else earlier.get(key, compared[:0])
        found[key] = of_units(metric, part, other, compares=compares)
    return found


def _segment_pairs(metric: Metric, now: _Read, before: _Read | None) -> dict[Key, Pair]:
    found: dict[Key, Pair] = {
        (): of_segments(metric, now.segments.total, before.segments.total if before else None)
    }
    for key, row in now.rows.items():
        found[key] = of_segments(metric, row, before.rows.get(key) if before else None)
    return found


def _rows(
    metric: Metric, pairs: Mapping[Key, Pair], *, by: Sequence[str], target: Decimal | None
) -> list[MetricRow]:
    """The total is tested by itself, the segments beside each other; its alone is the target."""
    total, parts = pairs[()], {key: pair for key, pair in pairs.items() if key}
    verdicts = [*significant([total]), *significant(list(parts.values()))]
    first, *rest = (
        _row(metric, dict(zip(by, key, strict=False)), pair=pair, verdict=verdict)
        for (key, pair), verdict in zip({(): total, **parts}.items(), verdicts, strict=True)
    )
    return [_judged(first, metric, target=target), *rest]


def _row(
    metric: Metric, segment: Mapping[str, str], *, pair: Pair, verdict: bool | None
) -> MetricRow:
    now, change = pair.now, pair.change
    previous = pair.before.value if pair.before else None
    difference = None if now.value is None or previous is None else now.value - previous
    return MetricRow(
        segment=segment,
        metric=metric.key,
        unit=metric.unit.value,
        previous=previous,
        change=difference,
        change_low=change.low if change else None,
        change_high=change.high if change else None,
        change_p_value=change.p_value if change else None,
        change_significant=verdict,
        **asdict(now),
    )


def _judged(row: MetricRow, metric: Metric, *, target: Decimal | None) -> MetricRow:
    if target is None:
        return row
    wanted = float(target)
    if row.value is None:
        return replace(row, target=wanted)
    interval = None
    if row.reportable and row.low is not None and row.high is not None:
        interval = Interval(row.low, row.high)
    verdict = verdict_on(wanted, interval=interval, at_most=metric.at_most)
    return replace(row, target=wanted, status=STATUS[verdict])
