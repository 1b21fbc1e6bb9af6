"""What a change is made of: the same segments answered differently, or others answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import Dimension
from analytics.domain.nps import Counts, nps
from analytics.domain.periods import Period
from analytics.domain.trends import Decomposition, Segment, SegmentShift, decompose_counts
from analytics.filters import Filters, scope_of
from analytics.frames import AnswerFrames
from analytics.queries.moment import one_moment


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

    dimension: str
    before: Period
    after: Period
    parts: Decomposition

    @property
    def rows(self) -> list[MixRow]:
        return [
            MixRow(
                str(shift.segment[0]) or "–",
                shift,
                nps(shift.compared),
                nps(shift.current),
                shift.compared.reportable and shift.current.reportable,
            )
            for shift in self.parts.segments
        ]


@one_moment()
def mix_report(filters: Filters, *, dimensions: Sequence[Dimension]) -> MixReport | None:
    """By the first segment; None where a half has no answers or there is nothing to split by."""
    days = filters.period.days
    if not dimensions or days < 2:
        return None
    middle = filters.period.start + (filters.period.end - filters.period.start) // 2
    before, after = Period(filters.period.start, middle), Period(middle, filters.period.end)
    split = replace(filters, by=(dimensions[0].name,))
    frames = AnswerFrames(scope_of(split), periods=[filters.period])
    parts = decompose_counts(_counts(frames, before), _counts(frames, after))
    return None if parts is None else MixReport(str(dimensions[0]), before, after, parts)


def _counts(frames: AnswerFrames, period: Period) -> dict[Segment, Counts]:
    found = zip(frames.segments.keys, frames.counts(period), strict=True)
    return {segment: counts for segment, counts in found if counts.responses}
