"""NPS over time, and what a change is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.domain.answers.scores import COUNT_COLUMNS, count_categories_by, counts_of
from analytics.domain.periods import Period
from analytics.domain.statistics.nps import (
    CONFIDENCE,
    Change,
    Counts,
    Interval,
    change,
    nps,
    score_limits,
)

PARTS_BEFORE = 4
Segment = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TrendRow:
    period: Period
    counts: Counts
    nps: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class SegmentShift:
    """One segment's part in a change of the total, in points of the total."""

    segment: Segment
    compared: Counts
    current: Counts
    answered_differently: float
    different_people: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    difference: float
    answered_differently: float
    different_people: float
    segments: tuple[SegmentShift, ...]


def trend(
    cells: pd.DataFrame, *, periods: Sequence[Period], confidence: float = CONFIDENCE
) -> list[TrendRow]:
    """A row for every period, the empty ones too. `cells` has `day`, `score` and `count`."""
    by_day = count_categories_by(cells, by=["day"])
    days = pd.to_datetime(by_day.index)
    counts = [
        counts_of(
            by_day[(days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(period.end))].sum()
        )
        for period in periods
    ]
    return _rows(periods, counts, confidence=confidence)


def rolling(
    rows: Sequence[TrendRow], *, window: int, confidence: float = CONFIDENCE
) -> list[TrendRow]:
    """Each row over itself and those before it, `window` in all; begins where the first is full."""
    spans = [rows[end - window : end] for end in range(window, len(rows) + 1)]
    return _rows(
        [Period(span[0].period.start, span[-1].period.end) for span in spans],
        [sum((row.counts for row in span), Counts()) for span in spans],
        confidence=confidence,
    )


def latest_change(rows: Sequence[TrendRow]) -> Change | None:
    """The last row against the PARTS_BEFORE before it together, which is less noise than one.

    None where either side has too few answers to report.
    """
    if len(rows) <= PARTS_BEFORE:
        return None
    now = rows[-1].counts
    before = sum((row.counts for row in rows[-1 - PARTS_BEFORE : -1]), Counts())
    if not (now.reportable and before.reportable):
        return None
    return change(now, compared=before)


def decompose_counts(
    before: Mapping[Segment, Counts], after: Mapping[Segment, Counts]
) -> Decomposition | None:
    """Splits the change of the total NPS; None where either side has no answers.

    With the mean of both sides as the yardstick the two parts add up to the change and swap sign
    when the sides swap:
    1. answered differently: change of the segment's NPS, times its mean share of the answers;
    2. different people: change of its share, times how far its mean NPS lies from the total's.
    A segment on one side only has answered no differently: all of its part is different people.
    """
    total_before = sum(before.values(), Counts())
    total_after = sum(after.values(), Counts())
    nps_before, nps_after = nps(total_before), nps(total_after)
    if nps_before is None or nps_after is None:
        return None
    shifts = tuple(
        _shift(
            segment,
            before.get(segment, Counts()),
            after.get(segment, Counts()),
            answers=(total_before.responses, total_after.responses),
            mean_total=(nps_before + nps_after) / 2,
        )
        for segment in sorted(before.keys() | after.keys(), key=str)
    )
    return Decomposition(
        nps_after - nps_before,
        sum(shift.answered_differently for shift in shifts),
        sum(shift.different_people for shift in shifts),
        shifts,
    )


def _shift(
    segment: Segment,
    compared: Counts,
    current: Counts,
    *,
    answers: tuple[int, int],
    mean_total: float,
) -> SegmentShift:
    share_before = compared.responses / answers[0]
    share_after = current.responses / answers[1]
    # On a side without answers the segment is taken to have scored as on the other.
    nps_before = nps(compared if compared.responses else current) or 0.0
    nps_after = nps(current if current.responses else compared) or 0.0
    return SegmentShift(
        segment,
        compared,
        current,
        (share_before + share_after) / 2 * (nps_after - nps_before),
        (share_after - share_before) * ((nps_before + nps_after) / 2 - mean_total),
    )


def _rows(
    periods: Sequence[Period], counts: Sequence[Counts], *, confidence: float
) -> list[TrendRow]:
    columns = {name: [getattr(count, name) for count in counts] for name in COUNT_COLUMNS}
    lows, highs = score_limits(**columns, confidence=confidence)
    return [
        TrendRow(
            period,
            count,
            nps(count),
            Interval(float(low), float(high)) if count.responses else None,
        )
        for period, count, low, high in zip(periods, counts, lows, highs, strict=True)
    ]
