"""The catalogue of metrics, of all customers and by segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from accounts.domain.facts.known import event_fact
from accounts.queries.targets import known_targets
from analytics.charts.drawing import Chart
from analytics.counting.metric_units import Key, needed_by
from analytics.domain.metrics.catalogue import (
    BY_KEY,
    BY_SURVIVAL,
    CATALOGUE,
    ENGAGEMENT,
    LIFETIMES,
    RESPONSES,
    USAGE,
    Metric,
    Unit,
)
from analytics.domain.metrics.estimates import UNKNOWN
from analytics.domain.metrics.money import KEPT
from analytics.domain.metrics.sales import SALES
from analytics.domain.periods import Period
from analytics.queries.customers.money import Money
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of
from analytics.reports.answers.segments import SegmentReport
from analytics.reports.metrics import csat as metric_csat
from analytics.reports.metrics.late_onboarding import Late, late_of
from analytics.reports.metrics.reads import Read
from analytics.reports.metrics.rows import (
    COLUMNS,
    MetricRow,
    Pair,
    judged,
    kind_of,
    of_segments,
    of_units,
    significant,
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

MONEY = (*KEPT, *LIFETIMES)


@dataclass(frozen=True, slots=True)
class MetricReport:
    name: ClassVar[str] = "metrics"

    filters: Filters
    rows: tuple[MetricRow, ...]
    # By key, which file would bring what a metric lacks.
    lacking: Mapping[str, str] = field(default_factory=dict)
    # What those are of that have no rule of their own; None: they were not asked for.
    segments: SegmentReport | None = field(default=None, compare=False)
    # How many months of life the lifetime value by survival looks at: as far as the data have seen.
    horizon_months: int | None = None
    # Whose onboarding takes longer than usual, where it was asked for.
    late_onboarding: Late | None = None

    @property
    def period(self) -> Period:
        return self.filters.period

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    @property
    def unknown(self) -> list[str]:
        return [*(self.segments.unknown if self.segments else ()), *self.lacking.values()]

    @property
    def money(self) -> Money:
        return self.segments.money if self.segments else Money()

    @property
    def incomplete(self) -> tuple[dt.date, ...]:
        return self.segments.incomplete if self.segments else ()

    @property
    def rebuilding(self) -> float | None:
        return self.segments.rebuilding if self.segments else None

    def charts(self, *, today: dt.date) -> list[Chart]:
        return []

    def tables(self) -> list[Table]:
        by = self.filters.by
        columns = [*(Column(name, Kind.DIMENSION) for name in by), *COLUMNS]
        rows = [
            [*(row.segment.get(name, "") for name in by), *values_of(row, COLUMNS)]
            for row in self.rows
        ]
        terms = [
            (_(BY_KEY[key].name), _(BY_KEY[key].definition), key)
            for key in dict.fromkeys(row.metric for row in self.rows)
        ]
        kinds = [kind_of(BY_KEY[row.metric]) for row in self.rows]
        late = self.late_onboarding
        table = Table(self.name, columns, rows, row_kinds=kinds, terms=terms)
        return [table, *(late.tables() if late else [])]

    def as_dict(self) -> dict[str, Any]:
        late = self.late_onboarding
        return {
            "period": period_dict(self.period),
            "by": list(self.filters.by),
            "rows": [asdict(row) for row in self.rows],
            **unknown_dict(self.unknown),
            # Beyond the contract.
            **({} if self.horizon_months is None else {"horizon_months": self.horizon_months}),
            **({} if late is None else {"late_onboarding": late.as_dict()}),
        }


@one_snapshot()
def metric_report(
    filters: Filters,
    *,
    today: dt.date,
    keys: Sequence[str] = (),
    lists: bool = False,
    draws: bool = True,
) -> MetricReport:
    """With `lists` also the customers whose onboarding takes longer than usual; without `draws`
    money has no intervals."""
    chosen = [each for each in CATALOGUE if not keys or each.key in keys]
    scope = scope_of(filters)
    read = partial(Read, needed=needed_by(chosen), today=today, draws=draws)
    now = read(scope, filters.period)
    # That one is compared with nothing itself.
    alone = replace(scope, filters=replace(filters, compare=None, same_days=None))
    before = read(alone, filters.compared) if filters.compared else None
    found = {each.key: _pairs(each, now, before) for each in chosen}
    # They are those of all customers together.
    wanted = known_targets()
    rows = [
        row
        for each in chosen
        for row in _rows(
            each,
            found[each.key],
            by=filters.by,
            target=None if narrows(filters, each) else wanted.get(each.key),
        )
    ]
    # The total of every metric first.
    rows.sort(key=lambda row: bool(row.segment))
    about = scope.about_customers
    return MetricReport(
        filters,
        tuple(rows),
        _lacking(chosen, now) if about else {},
        now.segments if _by_segments(chosen) or filters.by else None,
        _horizon(now) if about and any(each.key == BY_SURVIVAL for each in chosen) else None,
        late_of(filters, today=today) if lists else None,
    )


def narrows(filters: Filters, metric: Metric) -> bool:
    """Whether the metric is one of a part of the customers or answers."""
    return filters.chooses_customers or (filters.chooses_answers and metric.rests_on_answers)


def _horizon(read: Read) -> int | None:
    total = read.worth(())
    return None if total is None else total.horizon or None


def _by_segments(chosen: Sequence[Metric]) -> bool:
    """Whether any rests on the segment report, or on the currency that it found."""
    return any(not each.needs or each.unit is Unit.MONEY for each in chosen)


def _lacking(chosen: Sequence[Metric], read: Read) -> dict[str, str]:
    """Which file would bring what a metric lacks; what it rests on besides says its own report."""
    missing = {each: read.lacks(each) for each in chosen}
    return {metric.key: _lacks(metric, facts) for metric, facts in missing.items() if facts}


def _lacks(metric: Metric, facts: Sequence[str]) -> str:
    if ENGAGEMENT in facts:
        return _(
            "%(metric)s is unknown: choose a measure that is imported, and from which value on a "
            "customer is engaged, in the settings of metrics."
        ) % {"metric": _(metric.name)}
    return _("%(metric)s is unknown: import %(facts)s with %(command)s.") % {
        "metric": _(metric.name),
        "facts": ", ".join(facts),
        "command": _command(facts[0]),
    }


def _command(fact: str) -> str:
    commands = {RESPONSES: "import_responses", USAGE: "import_usage"}
    return (
        "import_events"
        if fact.startswith(event_fact(""))
        else commands.get(fact, "import_customers")
    )


def _pairs(metric: Metric, now: Read, before: Read | None) -> Mapping[Key, Pair]:
    """By segment; the total has no name."""
    if metric.key in metric_csat.KEYS:
        return metric_csat.csat_pairs(metric, now.segments.filters, now.rows)
    if metric.key in MONEY:
        return _money_pairs(metric, now, before)
    if metric.key in SALES or metric.needs:
        return _unit_pairs(metric, now, before)
    return _segment_pairs(metric, now, before)


def _unit_pairs(metric: Metric, now: Read, before: Read | None) -> Mapping[Key, Pair]:
    units, compared = now.units(metric), before.units(metric) if before else None
    compares = before is not None
    found: dict[Key, Pair] = {(): of_units(metric, units, compared, compares=compares)}
    if not now.by:
        return found
    parts = {} if units is None else now.split(units)
    earlier = {} if before is None or compared is None else before.split(compared)
    for key in now.rows:
        part = None if units is None else parts.get(key, units[:0])
        other = None if compared is None else earlier.get(key, compared[:0])
        found[key] = of_units(metric, part, other, compares=compares)
    return found


def _money_pairs(metric: Metric, now: Read, before: Read | None) -> Mapping[Key, Pair]:
    found = {}
    for key in ((), *now.rows):
        current, compared = now.worth(key), before.worth(key) if before else None
        estimate = UNKNOWN if current is None else current.estimate(metric.key)
        earlier = UNKNOWN if compared is None else compared.estimate(metric.key)
        change = current.change(metric.key, compared=compared) if current and compared else None
        found[key] = Pair(estimate, earlier, change) if before else Pair(estimate)
    return found


def _segment_pairs(metric: Metric, now: Read, before: Read | None) -> Mapping[Key, Pair]:
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
    return [judged(first, metric, target=target), *rest]


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
