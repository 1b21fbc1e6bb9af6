"""Languages apart: speakers of Japanese and of English use the scale differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from django.conf import settings

from analytics.counting.segments import AnswersBySegment, answers_by_segment
from analytics.domain.answers.samples import GroupedAnswers
from analytics.domain.answers.trends import reported_change
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import Change, Interval
from analytics.domain.statistics.nps.counts import Counts, nps
from analytics.domain.statistics.nps.intervals import Sample, Shared, intervals
from analytics.domain.statistics.nps.stratified import Stratified, Stratum, stratified
from analytics.labels import segment_label
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageRow:
    language: str
    name: str
    sample: Sample
    nps: float | None
    interval: Interval | None
    # Of those asked in the period; None where nobody was.
    share_asked: float | None

    @property
    def counts(self) -> Counts:
        return self.sample.counts

    @property
    def reportable(self) -> bool:
        return self.sample.reportable

    @property
    def nps_low(self) -> float | None:
        return self.interval.low if self.interval else None

    @property
    def nps_high(self) -> float | None:
        return self.interval.high if self.interval else None


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """One segment, or all together, with each language by itself."""

    rows: tuple[LanguageRow, ...]
    # As if each language had answered in the proportion in which it was asked; None unless every
    # language that was asked has an NPS of its own.
    adjusted: Stratified | None
    segment: Mapping[str, str]

    @property
    def label(self) -> str:
        return segment_label(self.segment)

    @property
    def responses(self) -> int:
        return sum(row.counts.responses for row in self.rows)

    @property
    def adjusted_nps(self) -> float | None:
        return self.adjusted.nps if self.adjusted else None


@dataclass(frozen=True, slots=True)
class LanguagesApart:
    """What this organisation's own answers say of two languages, both with enough of them."""

    first: LanguageRow
    second: LanguageRow
    change: Change


@dataclass(frozen=True, slots=True)
class LanguageReport:
    lines: tuple[LanguageLine, ...]
    total: LanguageLine
    apart: tuple[LanguagesApart, ...]

    @property
    def rows(self) -> tuple[LanguageRow, ...]:
        return self.total.rows

    @property
    def adjusted_nps(self) -> float | None:
        return self.total.adjusted_nps


@dataclass(frozen=True, slots=True)
class _Found:
    """Of one language, in the order of `order`: the answers, and how many were asked."""

    answers: GroupedAnswers
    asked: Sequence[int]

    def together(self) -> _Found:
        return _Found(self.answers.together(), [sum(self.asked)])


@one_snapshot()
def language_report(filters: Filters, *, order: Sequence[Key] = ()) -> LanguageReport:
    """A line per segment of `order` that occurs, and the total of all segments."""
    keys, found = _counted(filters)
    lines = dict(zip(keys, _lines(found, keys=keys, by=filters.by), strict=True))
    together = [each.together() for each in found]
    [total] = _lines(together, keys=[()], by=())
    return LanguageReport(
        tuple(lines[key] for key in order if key in lines and lines[key].responses),
        total,
        tuple(_apart(total.rows, found=together)),
    )


def _apart(rows: Sequence[LanguageRow], *, found: Sequence[_Found]) -> Iterator[LanguagesApart]:
    for (first, one), (second, other) in combinations(zip(rows, found, strict=True), 2):
        difference = reported_change(one.answers, compared=other.answers)
        if difference is not None:
            yield LanguagesApart(first, second, difference)


def _counted(filters: Filters) -> tuple[list[Key], list[_Found]]:
    """The segments of all languages, and what each language has of them."""
    frames = [
        answers_by_segment(scope_of(each), periods=[each.period])
        for each in (
            replace(filters, compare=None, language=code) for code in dict(settings.LANGUAGES)
        )
    ]
    places: dict[Key, int] = {}
    for each in frames:
        for key in each.segments.keys:
            places.setdefault(key, len(places))
    return list(places), [_found(each, period=filters.period, places=places) for each in frames]


def _found(answers: AnswersBySegment, *, period: Period, places: Mapping[Key, int]) -> _Found:
    numbers = [places[key] for key in answers.segments.keys]
    asked = [0] * len(places)
    for number, counts in zip(numbers, answers.asked(period).answers.counts, strict=True):
        asked[number] = counts.responses
    return _Found(answers.grouped(period).renumbered(numbers, size=len(places)), asked)


def _lines(
    found: Sequence[_Found], *, keys: Sequence[Key], by: Sequence[str]
) -> list[LanguageLine]:
    samples = [each.answers.samples() for each in found]
    pairs = [(i, j) for j in range(len(found)) for i in range(j)]
    shared = {(i, j): found[i].answers.shared_with(found[j].answers) for i, j in pairs}
    return [
        _line(
            [each[place] for each in samples],
            asked=[each.asked[place] for each in found],
            shared={pair: each[place] for pair, each in shared.items()},
            segment=dict(zip(by, key, strict=True)),
        )
        for place, key in enumerate(keys)
    ]


def _line(
    samples: Sequence[Sample],
    *,
    asked: Sequence[int],
    shared: Mapping[tuple[int, int], Shared],
    segment: Mapping[str, str],
) -> LanguageLine:
    rows = tuple(
        LanguageRow(
            code, str(name), sample, nps(sample.counts), interval, _share(invited, sum(asked))
        )
        for (code, name), sample, invited, interval in zip(
            dict(settings.LANGUAGES).items(), samples, asked, intervals(samples), strict=True
        )
    )
    return LanguageLine(rows, _adjusted(rows, shared=shared), segment)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _adjusted(
    rows: Sequence[LanguageRow], *, shared: Mapping[tuple[int, int], Shared]
) -> Stratified | None:
    asked = [place for place, row in enumerate(rows) if row.share_asked]
    strata = [Stratum(rows[place].share_asked or 0.0, rows[place].sample) for place in asked]
    new = {place: number for number, place in enumerate(asked)}
    pairs = {(new[i], new[j]): each for (i, j), each in shared.items() if i in new and j in new}
    return stratified(strata, shared=pairs)
