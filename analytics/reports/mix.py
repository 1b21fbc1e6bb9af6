"""What a change is made of: the same segments answered differently, or others answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from accounts.models import Dimension
from analytics.domain.nps import nps
from analytics.domain.periods import Period
from analytics.domain.trends import Decomposition, SegmentShift, decompose_change
from analytics.filters import Filters, scope_of
from analytics.frames import AnswerFrames


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


def mix_report(filters: Filters, *, dimensions: Sequence[Dimension]) -> MixReport | None:
    """By the first segment; None where a half has no answers or there is nothing to split by."""
    days = filters.period.days
    if not dimensions or days < 2:
        return None
    middle = filters.period.start + (filters.period.end - filters.period.start) // 2
    before, after = Period(filters.period.start, middle), Period(middle, filters.period.end)
    split = replace(filters, by=(dimensions[0].name,))
    frames = AnswerFrames(scope_of(split), periods=[filters.period])
    parts = decompose_change(_cells(frames, before), current=_cells(frames, after), by=["segment"])
    return None if parts is None else MixReport(str(dimensions[0]), before, after, parts)


def _cells(frames: AnswerFrames, period: Period) -> pd.DataFrame:
    table = frames.columns(period).tally(segments=len(frames.segments))
    segment, score = np.indices(table.shape)
    names = np.array([key[0] for key in frames.segments.keys], dtype=object)
    return pd.DataFrame(
        {
            "segment": names[segment.ravel()] if len(names) else [],
            "score": score.ravel(),
            "count": table.ravel(),
        }
    )
