"""Languages apart: speakers of Japanese and of English use the scale differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from analytics.counting.segments import answers_by_segment
from analytics.domain.statistics.nps import Counts, Interval, nps, score_intervals
from analytics.labels import segment_label
from analytics.queries.filters import Filters, scope_of
from analytics.queries.snapshot import one_snapshot

Key = tuple[str, ...]


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
class LanguageLine:
    """One segment, or all together, with each language by itself."""

    rows: tuple[LanguageRow, ...]
    # As if each language had answered in the proportion in which it was asked.
    adjusted_nps: float | None
    segment: Mapping[str, str]

    @property
    def label(self) -> str:
        return segment_label(self.segment)


@dataclass(frozen=True, slots=True)
class LanguageReport:
    lines: tuple[LanguageLine, ...]
    total: LanguageLine

    @property
    def rows(self) -> tuple[LanguageRow, ...]:
        return self.total.rows

    @property
    def adjusted_nps(self) -> float | None:
        return self.total.adjusted_nps


@dataclass(frozen=True, slots=True)
class _Found:
    """Of one language, by segment: the answers, and how many were asked."""

    counts: dict[Key, Counts]
    asked: dict[Key, int]


@one_snapshot()
def language_report(filters: Filters, *, order: Sequence[Key] = ()) -> LanguageReport:
    """A line per segment of `order` that occurs, and the total of all segments."""
    found = [
        _counted(replace(filters, compare=None, language=code)) for code in dict(settings.LANGUAGES)
    ]
    occurring = {key for each in found for key in each.counts}
    lines = tuple(_line(found, key=key, by=filters.by) for key in order if key in occurring)
    return LanguageReport(lines, _line([_together(each) for each in found], key=(), by=()))


def _counted(filters: Filters) -> _Found:
    frames = answers_by_segment(scope_of(filters), periods=[filters.period])
    counts = frames.counts(filters.period)
    invited = frames.invitations([filters.period])["invited"]
    keys = frames.segments.keys
    numbers = invited.index.get_level_values("segment").tolist()
    return _Found(
        {key: each for key, each in zip(keys, counts, strict=True) if each.responses},
        {keys[number]: asked for number, asked in zip(numbers, invited.tolist(), strict=True)},
    )


def _together(found: _Found) -> _Found:
    return _Found({(): sum(found.counts.values(), Counts())}, {(): sum(found.asked.values())})


def _line(found: Sequence[_Found], *, key: Key, by: Sequence[str]) -> LanguageLine:
    names = dict(settings.LANGUAGES)
    counts = [each.counts.get(key, Counts()) for each in found]
    asked = [each.asked.get(key, 0) for each in found]
    rows = tuple(
        LanguageRow(code, str(name), each, nps(each), interval, _share(invited, sum(asked)))
        for (code, name), each, invited, interval in zip(
            names.items(), counts, asked, score_intervals(counts), strict=True
        )
    )
    return LanguageLine(rows, _adjusted(rows), dict(zip(by, key, strict=True)))


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
