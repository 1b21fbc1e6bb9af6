"""NPS over time, and what a change is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.domain.answers.samples import GroupedAnswers
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import CONFIDENCE, Change, Interval
from analytics.domain.statistics.nps.counts import Counts, nps
from analytics.domain.statistics.nps.intervals import Sample, change, intervals

PARTS_BEFORE = 4
Segment = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TrendRow:
    period: Period
    sample: Sample
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
    answers: GroupedAnswers,
    *,
    parts: Sequence[Period],
    window: int = 1,
    confidence: float = CONFIDENCE,
) -> list[TrendRow]:
    """A row for every part with those before it, `window` in all; from the first full one on.

    A customer that answered in several parts of a window is one customer there.
    """
    if window == 1:
        samples = answers.samples()
    else:
        ends = range(window, len(parts) + 1)
        samples = [answers.span(end - window, end).samples()[0] for end in ends]
    starts = (part.start for part in parts)
    return [
        TrendRow(Period(start, part.end), sample, nps(sample.counts), interval)
        for start, part, sample, interval in zip(
            starts,
            parts[window - 1 :],
            samples,
            intervals(samples, confidence=confidence),
            strict=False,
        )
    ]


def latest_change(answers: GroupedAnswers) -> Change | None:
    """The last part against the PARTS_BEFORE before it together, which is less noise than one.

    None where either of them has too few answers to report.
    """
    end = len(answers.counts)
    if end <= PARTS_BEFORE:
        return None
    return reported_change(
        answers.span(end - 1, end), compared=answers.span(end - 1 - PARTS_BEFORE, end - 1)
    )


def reported_change(current: GroupedAnswers, *, compared: GroupedAnswers) -> Change | None:
    """Of two totals, where both have enough answers to report."""
    [now], [before] = current.samples(), current.against(compared)
    if not (now.reportable and before.sample.reportable):
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
