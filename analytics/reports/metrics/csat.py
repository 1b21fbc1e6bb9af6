"""CSAT as a metric: what its own report says, by segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from analytics.domain.metrics.catalogue import Metric
from analytics.domain.metrics.estimates import UNKNOWN, Estimate
from analytics.domain.statistics.interval import Change
from analytics.queries.answers.satisfaction import asks_satisfaction
from analytics.queries.database.snapshot import once
from analytics.queries.filters import Filters
from analytics.reports.answers.csat import CsatReport, CsatRow, csat_report
from analytics.reports.metrics.rows import Pair

CSAT, MEAN = "csat", "csat_mean"
KEYS = (CSAT, MEAN)
Key = tuple[str, ...]


def csat_pairs(metric: Metric, filters: Filters, keys: Iterable[Key]) -> Mapping[Key, Pair]:
    """A pair for the total, whose key is empty, and for each of the keys."""
    wanted = [(), *keys]
    if not asks_satisfaction():
        return dict.fromkeys(wanted, Pair(UNKNOWN, UNKNOWN if filters.compared else None))
    now = _by_key(filters)
    if metric.key == CSAT:
        return {key: _share(now.get(key), compares=bool(filters.compared)) for key in wanted}
    before = None
    if filters.compared:
        before = _by_key(replace(filters, period=filters.compared, compare=None, same_days=None))
    return {
        key: Pair(_mean(now.get(key)), None if before is None else _mean(before.get(key)))
        for key in wanted
    }


def _by_key(filters: Filters) -> Mapping[Key, CsatRow]:
    period, compared = filters.period, filters.compared
    name = f"csat {period} {compared}"
    found: CsatReport = once(name, lambda: csat_report(filters, target=None))
    rows = {tuple(str(each) for each in row.segment.values()): row for row in found.rows}
    return {(): found.total, **rows}


def _share(row: CsatRow | None, *, compares: bool) -> Pair:
    if row is None:
        return Pair(_NOBODY, _NOBODY if compares else None)
    now = Estimate(
        value=row.value,
        low=row.low,
        high=row.high,
        numerator=row.numerator,
        denominator=row.denominator,
        reportable=row.reportable,
    )
    if not compares:
        return Pair(now)
    # Whether the change is tested is said by its significance.
    before = Estimate(value=row.previous, reportable=row.change_significant is not None)
    change = (row.change, row.change_low, row.change_high, row.change_p_value)
    known = [each for each in change if each is not None]
    return Pair(now, before, Change(*known) if len(known) == len(change) else None)


def _mean(row: CsatRow | None) -> Estimate:
    """The numerator of a mean is no count."""
    if row is None:
        return replace(_NOBODY, numerator=None)
    return Estimate(
        value=row.csat_mean,
        low=row.csat_mean_low,
        high=row.csat_mean_high,
        denominator=row.denominator,
        reportable=row.reportable,
    )


_NOBODY = Estimate(numerator=0, denominator=0)
