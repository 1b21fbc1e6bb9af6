"""What a change is made of: the same segments answered differently, or others answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.labels import value_label
from accounts.models import Dimension
from analytics.counting.segments import answers_by_segment
from analytics.domain.answers.samples import GroupedAnswers
from analytics.domain.answers.trends import (
    Decomposition,
    Segment,
    SegmentShift,
    decompose_counts,
    reported_change,
)
from analytics.domain.periods import Period, so_far
from analytics.domain.statistics.interval import Change
from analytics.domain.statistics.nps.counts import Counts, nps
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of


@dataclass(frozen=True, slots=True)
class MixRow:
    name: str
    shift: SegmentShift
    nps_before: float | None
    nps_after: float | None
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
    # Segments with enough answers in both halves; the others are shown grey.
    reportable: frozenset[Segment]

    @property
    def splits(self) -> bool:
        """Of one value there is nothing to tell apart: all of the change would be within it."""
        return len(self.parts.segments) > 1

    @property
    def rows(self) -> list[MixRow]:
        return [
            MixRow(
                value_label(self.dimension.name, str(shift.segment[0])),
                shift,
                nps(shift.compared),
                nps(shift.current),
                shift.segment in self.reportable,
            )
            for shift in self.parts.segments
        ]


@one_snapshot()
def mix_report(filters: Filters, *, dimension: Dimension, today: dt.date) -> MixReport | None:
    """None where a half has no answers.

    Halved are the days so far: a half that is still to come answers nothing.
    """
    period = so_far(filters.period, today=today) or filters.period
    if period.days < 2:
        return None
    middle = period.start + (period.end - period.start) // 2
    before, after = Period(period.start, middle), Period(middle, period.end)
    split = replace(filters, by=(dimension.name,))
    frames = answers_by_segment(scope_of(split), periods=[filters.period])
    first, second = frames.grouped(before), frames.grouped(after)
    keys = frames.segments.keys
    parts = decompose_counts(_counts(first, keys=keys), _counts(second, keys=keys))
    if parts is None:
        return None
    reportable = _reportable(first, keys=keys) & _reportable(second, keys=keys)
    first, second = first.together(), second.together()
    return MixReport(
        dimension,
        before,
        after,
        first.counts[0].responses,
        second.counts[0].responses,
        parts,
        reported_change(second, compared=first),
        frozenset(reportable),
    )


def _counts(answers: GroupedAnswers, *, keys: Sequence[Segment]) -> dict[Segment, Counts]:
    found = zip(keys, answers.counts, strict=True)
    return {segment: counts for segment, counts in found if counts.responses}


def _reportable(answers: GroupedAnswers, *, keys: Sequence[Segment]) -> set[Segment]:
    found = zip(keys, answers.samples(), strict=True)
    return {segment for segment, sample in found if sample.reportable}
