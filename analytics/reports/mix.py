"""What a change is made of: the same segments answered differently, or others answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import Dimension
from analytics.counting.segments import AnswersByFrozenSegment
from analytics.domain.answers.trends import Decomposition, Segment, SegmentShift, decompose_counts
from analytics.domain.periods import Period, so_far
from analytics.domain.statistics.nps import Change, Counts, change, nps
from analytics.labels import value_label
from analytics.queries.filters import Filters, scope_of
from analytics.queries.snapshot import one_snapshot


@dataclass(frozen=True, slots=True)
class MixRow:
    name: str
    shift: SegmentShift
    nps_before: float | None
    nps_after: float | None
    # Of both halves; a part that stands on fewer answers is shown grey.
    reportable: bool


@dataclass(frozen=True, slots=True)
class MixReport:
    """The second half of the period against the first."""

    dimension: Dimension
    before: Period
    after: Period
    answers_before: int
    answers_after: int
    parts: Decomposition
    # Of the total; None where a half has too few answers to report.
    change: Change | None

    @property
    def rows(self) -> list[MixRow]:
        return [
            MixRow(
                value_label(self.dimension.name, str(shift.segment[0])),
                shift,
                nps(shift.compared),
                nps(shift.current),
                shift.compared.reportable and shift.current.reportable,
            )
            for shift in self.parts.segments
        ]


@one_snapshot()
def mix_report(
    filters: Filters, *, dimensions: Sequence[Dimension], today: dt.date
) -> MixReport | None:
    """By the first dimension; None where a half has no answers or there is nothing to split by.

    Halved are the days so far: a half that is still to come answers nothing.
    """
    period = so_far(filters.period, today=today) or filters.period
    if not dimensions or period.days < 2:
        return None
    middle = period.start + (period.end - period.start) // 2
    before, after = Period(period.start, middle), Period(middle, period.end)
    split = replace(filters, by=(dimensions[0].name,))
    frames = AnswersByFrozenSegment(scope_of(split), periods=[filters.period])
    counts_before, counts_after = _counts(frames, before), _counts(frames, after)
    parts = decompose_counts(counts_before, counts_after)
    if parts is None:
        return None
    first, second = _together(counts_before), _together(counts_after)
    return MixReport(
        dimensions[0],
        before,
        after,
        first.responses,
        second.responses,
        parts,
        change(second, compared=first) if first.reportable and second.reportable else None,
    )


def _together(counts: dict[Segment, Counts]) -> Counts:
    return sum(counts.values(), Counts())


def _counts(frames: AnswersByFrozenSegment, period: Period) -> dict[Segment, Counts]:
    found = zip(frames.segments.keys, frames.counts(period), strict=True)
    return {segment: counts for segment, counts in found if counts.responses}
