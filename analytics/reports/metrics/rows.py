"""The rows of the metrics report: their fields, and how each source fills them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd

from analytics.domain.metrics.catalogue import SCALE, Metric, Unit
from analytics.domain.metrics.estimates import (
    UNKNOWN,
    Estimate,
    change_of_estimates,
    change_of_share,
    rate_estimate,
    share_estimate,
    time_estimate,
)
from analytics.domain.metrics.times import HALF, SHARES_ENDED, TIMES
from analytics.domain.statistics.interval import Change, Interval
from analytics.domain.statistics.multiplicity import benjamini_hochberg
from analytics.domain.verdicts import STATUS, verdict_on
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.report import (
    Code,
    CountOrNone,
    Flag,
    FlagOrNone,
    Kind,
    PValue,
    columns_of,
)
from surveys.domain.answers.scoring import MIN_RESPONSES

Figure = Annotated[float | None, Kind.FIGURE]
CodeOrNone = Annotated[str | None, Kind.CODE]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """The fields of the public contract, in its order; None is what cannot be known."""

    segment: Mapping[str, str]
    metric: Code
    unit: Code
    value: Figure
    low: Figure
    high: Figure
    numerator: CountOrNone
    denominator: CountOrNone
    reportable: Flag
    previous: Figure = None
    change: Figure = None
    change_low: Figure = None
    change_high: Figure = None
    change_p_value: PValue = None
    change_significant: FlagOrNone = None
    target: Figure = None
    status: CodeOrNone = None


COLUMNS = columns_of(MetricRow)
# Of what kind the values of a unit are.
_KINDS: Mapping[str, Kind] = {
    Unit.SHARE: Kind.PERCENT,
    Unit.POINTS: Kind.NPS,
    SCALE: Kind.RATIO,
    Unit.DAYS: Kind.DAYS,
    Unit.HOURS: Kind.HOURS,
    Unit.MONEY: Kind.MONEY,
}


def kind_of(metric: Metric) -> Kind:
    return _KINDS[metric.written_as]


class Pair(NamedTuple):
    """A metric of one group in the period and in the compared one; None: nothing is compared."""

    now: Estimate
    before: Estimate | None = None
    change: Change | None = None


def of_units(
    metric: Metric, units: pd.DataFrame | None, compared: pd.DataFrame | None, *, compares: bool
) -> Pair:
    """`None` for units: no file told of what the metric needs."""
    now = UNKNOWN if units is None else _estimate(metric, units)
    if not compares:
        return Pair(now)
    before = UNKNOWN if compared is None else _estimate(metric, compared)
    if units is None or compared is None or metric.key in TIMES:
        return Pair(now, before)
    return Pair(now, before, change_of_share(units, compared))


def _estimate(metric: Metric, units: pd.DataFrame) -> Estimate:
    if metric.key in TIMES:
        return time_estimate(units, share=SHARES_ENDED.get(metric.key, HALF))
    return share_estimate(units)


def of_segments(metric: Metric, now: SegmentRow, before: SegmentRow | None) -> Pair:
    """What the segment report says already."""
    estimate = segment_estimate(metric.key, now)
    if before is None:
        return Pair(estimate)
    earlier = segment_estimate(metric.key, before)
    return Pair(estimate, earlier, _segment_change(metric.key, now, estimate, earlier))


def segment_estimate(key: str, row: SegmentRow) -> Estimate:
    start, churned = row.customers_at_start, row.customers_churned
    if key in {"customer_churn_rate", "customer_retention_rate"}:
        if start is None or churned is None:
            return UNKNOWN
        return rate_estimate(churned if key == "customer_churn_rate" else start - churned, start)
    if key == "nps":
        return Estimate(
            value=row.nps,
            low=row.nps_low,
            high=row.nps_high,
            numerator=row.promoters - row.detractors,
            denominator=row.responses,
            reportable=row.reportable,
        )
    if key == "response_rate":
        return _response_rate(row)
    raise KeyError(key)


def _response_rate(row: SegmentRow) -> Estimate:
    rate, number = row.response_rate, row.invited
    return Estimate(
        value=rate,
        low=row.response_rate_low,
        high=row.response_rate_high,
        numerator=None if rate is None else round(rate * number),
        denominator=number,
        reportable=row.response_rate_low is not None and number >= MIN_RESPONSES,
    )


def _segment_change(key: str, row: SegmentRow, now: Estimate, before: Estimate) -> Change | None:
    if key in {"customer_churn_rate", "customer_retention_rate"}:
        return change_of_estimates(now, before)
    found = (row.nps_change, row.change_low, row.change_high, row.change_p_value)
    known = [each for each in found if each is not None]
    return Change(*known) if key == "nps" and len(known) == len(found) else None


def significant(pairs: Sequence[Pair]) -> list[bool | None]:
    """Of one metric, corrected for how many are tested; None: one of the two is too small."""
    return benjamini_hochberg(
        [
            pair.change.p_value
            if pair.change and pair.before and pair.now.reportable and pair.before.reportable
            else None
            for pair in pairs
        ]
    ).significant


def _or(limit: float | None, open_end: float) -> float:
    return open_end if limit is None else limit


def interval_of(row: MetricRow) -> Interval | None:
    """What a figure is judged by; a limit that the data do not give is without end."""
    if not row.reportable or (row.low is None and row.high is None):
        return None
    return Interval(_or(row.low, -math.inf), _or(row.high, math.inf))


def judged(row: MetricRow, metric: Metric, *, target: Decimal | None) -> MetricRow:
    if target is None:
        return row
    wanted = float(target)
    if row.value is None:
        return replace(row, target=wanted)
    verdict = verdict_on(wanted, interval=interval_of(row), at_most=metric.at_most)
    return replace(row, target=wanted, status=STATUS[verdict])
