"""Languages apart: speakers of Japanese and of English use the scale differently."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings

from analytics.domain.nps import Counts, Interval, nps, score_intervals
from analytics.filters import Filters, scope_of
from analytics.frames import AnswerFrames
from analytics.queries.moment import one_moment


@dataclass(frozen=True, slots=True)
class LanguageRow:
    language: str
    name: str
    counts: Counts
    nps: float | None
    interval: Interval | None
    # Of those asked in the period; None where nobody was.
    share_asked: float | None


@dataclass(frozen=True, slots=True)
class LanguageReport:
    rows: tuple[LanguageRow, ...]
    # As if each language had answered in the proportion in which it was asked.
    adjusted_nps: float | None


@one_moment()
def language_report(filters: Filters) -> LanguageReport:
    names = dict(settings.LANGUAGES)
    found = [_counted(replace(filters, by=(), compare=None, language=code)) for code in names]
    counts = [each for each, _ in found]
    asked = sum(invited for _, invited in found)
    rows = tuple(
        LanguageRow(code, str(names[code]), each, nps(each), interval, _share(invited, asked))
        for code, (each, invited), interval in zip(
            names, found, score_intervals(counts), strict=True
        )
    )
    return LanguageReport(rows, _adjusted(rows))


def _counted(filters: Filters) -> tuple[Counts, int]:
    frames = AnswerFrames(scope_of(filters), periods=[filters.period])
    counts = sum(frames.counts(filters.period), Counts())
    return counts, int(frames.invitations([filters.period])["invited"].sum())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _adjusted(rows: tuple[LanguageRow, ...]) -> float | None:
    """Unknown unless every language that was asked has an NPS of its own."""
    total = 0.0
    for row in rows:
        if row.share_asked is None:
            return None
        if row.share_asked:
            if row.nps is None:
                return None
            total += row.share_asked * row.nps
    return total
