"""CSAT: how many of those asked are satisfied; by segment, by category of NPS, by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext as _

from analytics.charts.drawing import Chart
from analytics.charts.trend import Timeline, rate_alt, rate_chart
from analytics.counting.segments import answers_by_segment
from analytics.domain.answers.satisfaction import Satisfaction
from analytics.domain.answers.scores import COUNT_COLUMNS
from analytics.domain.periods import Period, month_label, month_of, months, so_far
from analytics.domain.statistics.interval import CONFIDENCE, Change, Interval
from analytics.domain.statistics.nps.intervals import Other, Sample
from analytics.domain.statistics.nps.significance import significant_changes
from analytics.domain.statistics.shares import share_change, share_of
from analytics.domain.verdicts import STATUS, verdict_on
from analytics.labels import segment_label
from analytics.queries.answers.profiles import segment_order
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, Scope, scope_of, share_rebuilt
from analytics.reports.report import (
    Code,
    Column,
    Count,
    Flag,
    FlagOrNone,
    Kind,
    Number,
    Percent,
    PValue,
    Table,
    columns_of,
    dated,
    period_dict,
    values_of,
)

Key = tuple[str, ...]
# As COUNT_COLUMNS has them; one answer's name.
CATEGORIES = [column.removesuffix("s") for column in COUNT_COLUMNS]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsatRow:
    """The keys of a metric's row in the public contract, in their order; after them our own."""

    segment: Mapping[str, str]
    metric: Code = "csat"
    unit: Code = "share"
    value: Percent
    low: Percent
    high: Percent
    numerator: Count
    denominator: Count
    reportable: Flag
    previous: Percent = None
    change: Percent = None
    change_low: Percent = None
    change_high: Percent = None
    change_p_value: PValue = None
    change_significant: FlagOrNone = None
    target: Percent = None
    status: Annotated[str | None, Kind.CODE] = None
    csat_mean: Number
    customers_answered: Count
    n_effective: Number
    csat_mean_low: Number = None
    csat_mean_high: Number = None

    @property
    def label(self) -> str:
        return segment_label(self.segment)

    @property
    def change_in_points(self) -> tuple[float, ...]:
        """The change and its limits, in percentage points; empty where there is none."""
        found = (self.change, self.change_low, self.change_high)
        return tuple(100 * each for each in found if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsatPart:
    """Of the answers of one category of NPS, or of one month."""

    name: Code
    value: Percent
    low: Percent
    high: Percent
    numerator: Count
    denominator: Count
    reportable: Flag
    csat_mean: Number


COLUMNS, PART_COLUMNS = columns_of(CsatRow), columns_of(CsatPart)


@dataclass(frozen=True, slots=True)
class CsatReport:
    name: ClassVar[str] = "csat"

    filters: Filters
    total: CsatRow
    rows: tuple[CsatRow, ...]
    # In the order promoters, passives, detractors.
    categories: tuple[CsatPart, ...]
    trend: tuple[CsatPart, ...]
    rebuilding: float | None = None

    @property
    def period(self) -> Period:
        return self.filters.period

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    def unfinished(self, *, today: dt.date) -> frozenset[str]:
        """The months that still run, or that the period cuts."""
        parts = months(self.period)
        return frozenset(
            month_label(part)
            for part in parts
            if part != month_of(part.start) or so_far(part, today=today) is not None
        )

    def charts(self, *, today: dt.date) -> list[Chart]:
        rates = [part.value if part.reportable else None for part in self.trend]
        names, unfinished = [part.name for part in self.trend], self.unfinished(today=today)
        label, line = _("CSAT"), Timeline(names, unfinished=unfinished)
        return [
            Chart(
                "csat",
                _("Does CSAT rise or fall?"),
                draw=partial(rate_chart, rates, label=label, timeline=line),
                alt=partial(rate_alt, rates, label=label, timeline=line),
            )
        ]

    def tables(self) -> list[Table]:
        by = self.filters.by
        rows = [
            [*(row.segment.get(name, "") for name in by), *values_of(row, COLUMNS)]
            for row in (self.total, *self.rows)
        ]
        return [
            Table(
                self.name,
                [*(Column(name, Kind.DIMENSION) for name in by), *COLUMNS],
                rows,
                starts_with_total=True,
            ),
            *(
                Table(
                    name,
                    [first, *PART_COLUMNS[1:]],
                    [values_of(each, PART_COLUMNS) for each in parts],
                )
                for name, first, parts in (
                    ("by_category", Column("group", Kind.CODE), self.categories),
                    ("trend", Column("period", Kind.PERIOD), self.trend),
                )
            ),
        ]

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": period_dict(self.period),
            "by": list(self.filters.by),
            "confidence": CONFIDENCE,
            "rows": [asdict(row) for row in (self.total, *self.rows)],
            "by_category": [asdict(each) for each in self.categories],
            "trend": [asdict(each) for each in self.trend],
            **({} if self.rebuilding is None else {"rebuilding": self.rebuilding}),
        }


@one_snapshot()
def csat_report(filters: Filters, *, target: Decimal | None) -> CsatReport:
    """Read once for the period and once for the compared one; every table is of the same rows."""
    scope = scope_of(filters)
    periods = [filters.period] + ([filters.compared] if filters.compared else [])
    answers = answers_by_segment(scope, periods=periods)
    current, *compared = (answers.satisfaction(period) for period in periods)
    keys = answers.segments.keys
    rows = _rows(current, before=compared, keys=keys, by=filters.by) if filters.by else []
    together = [each.together() for each in compared]
    totals = _rows(current.together(), before=together, keys=[()], by=())
    parts = months(filters.period)
    return CsatReport(
        filters,
        _with_target(totals[0] if totals else _row({}, sample=Sample(), mean=None), target=target),
        _in_order(rows, scope=scope),
        tuple(_parts(current.by_category(), names=CATEGORIES)[::-1]),
        tuple(_parts(current.by_part(parts), names=[month_label(part) for part in parts])),
        share_rebuilt(filters),
    )


def _rows(
    current: Satisfaction,
    *,
    before: Sequence[Satisfaction],
    keys: Sequence[Key],
    by: Sequence[str],
) -> list[CsatRow]:
    """A row per group that has an answer; the tests are corrected for how many there are."""
    answers, means = current.grouped(groups=len(keys)), current.means(groups=len(keys))
    limits = dict(zip(keys, current.mean_limits(groups=len(keys)), strict=True))
    others: Sequence[Other | None] = [None] * len(keys)
    for each in before:
        others = answers.against(each.grouped(groups=len(keys)))
    found = [each for each in zip(keys, answers.samples(), others, means, strict=True) if each[3]]
    changes = [other and share_change(sample, compared=other) for _, sample, other, _ in found]
    significant = significant_changes(
        [sample for _, sample, _, _ in found], [other for _, _, other, _ in found], changes
    )
    return [
        replace(
            _row(dict(zip(by, key, strict=True)), sample=sample, mean=mean),
            **_mean_limits(limits[key]),
            **_change_fields(other, change=change, significant=holds),
        )
        for (key, sample, other, mean), change, holds in zip(
            found, changes, significant, strict=True
        )
    ]


def _row(segment: Mapping[str, str], *, sample: Sample, mean: float | None) -> CsatRow:
    return CsatRow(
        segment=segment,
        **_share_fields(sample, mean=mean),
        customers_answered=sample.customers,
        n_effective=sample.n_effective(),
    )


def _share_fields(sample: Sample, *, mean: float | None) -> dict[str, Any]:
    found, counts = share_of(sample), sample.counts
    low, high = found.limits if found else (None, None)
    return {
        "value": sample.mean if counts.responses else None,
        "low": low,
        "high": high,
        "numerator": counts.promoters,
        "denominator": counts.responses,
        "reportable": sample.reportable,
        "csat_mean": mean,
    }


def _mean_limits(limits: Interval | None) -> dict[str, Any]:
    return {} if limits is None else {"csat_mean_low": limits.low, "csat_mean_high": limits.high}


def _change_fields(
    other: Other | None, *, change: Change | None, significant: bool | None
) -> dict[str, Any]:
    if other is None:
        return {}
    names = ("change", "change_low", "change_high", "change_p_value")
    previous = other.sample.mean if other.sample.counts.responses else None
    found = {"previous": previous, "change_significant": significant}
    return found | ({} if change is None else dict(zip(names, change, strict=True)))


def _parts(found: Satisfaction, *, names: Sequence[str]) -> list[CsatPart]:
    size = len(names)
    columns = zip(
        names, found.grouped(groups=size).samples(), found.means(groups=size), strict=True
    )
    return [
        CsatPart(name=name, **_share_fields(sample, mean=mean)) for name, sample, mean in columns
    ]


def _in_order(rows: Sequence[CsatRow], *, scope: Scope) -> tuple[CsatRow, ...]:
    rank = segment_order(scope.dimensions)
    return tuple(sorted(rows, key=lambda row: rank(tuple(row.segment.values()))))


def _with_target(total: CsatRow, *, target: Decimal | None) -> CsatRow:
    """The organisation's target is one for all answers, not one for each segment."""
    if target is None:
        return total
    known = total.reportable and total.low is not None and total.high is not None
    interval = Interval(total.low or 0.0, total.high or 0.0) if known else None
    status = STATUS[verdict_on(float(target), interval=interval)]
    return replace(total, target=float(target), status=status)
