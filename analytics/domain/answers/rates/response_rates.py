"""Response rates, as far as they are known: of those asked, the share with a counted answer.

Another system's history tells who answered, but not whom it asked in vain. Its answers count on
both sides, as long as others were asked besides; of nothing but them there is no rate, and what
they are a part of has neither an interval nor a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analytics.domain.answers.samples import GroupedAnswers
from analytics.domain.statistics.interval import Change, Interval
from analytics.domain.statistics.nps.intervals import Other, Sample
from analytics.domain.statistics.shares import share_change, share_of


@dataclass(frozen=True, slots=True)
class ResponseRate:
    # Those who answered stand as promoters, all others who were asked as passives.
    sample: Sample = field(default_factory=Sample)
    # Of those asked, the ones that only an import tells of.
    imported: int = 0

    @property
    def invited(self) -> int:
        return self.sample.counts.responses

    @property
    def rate(self) -> float | None:
        return self.sample.mean if self.invited > self.imported else None

    @property
    def limits(self) -> Interval | None:
        """Of respondents who answer as others of their customer do; None: nobody can tell."""
        share = None if self.imported else share_of(self.sample)
        return share and share.limits

    @property
    def comparable(self) -> bool:
        return self.sample.reportable and not self.imported


@dataclass(frozen=True, slots=True, eq=False)
class AskedGroups:
    """Who was asked and who answered, by group; groups are whole numbers from 0 on."""

    answers: GroupedAnswers
    imported: Sequence[int]

    def rates(self) -> list[ResponseRate]:
        samples = zip(self.answers.samples(), self.imported, strict=True)
        return [ResponseRate(*each) for each in samples]

    def mailed(self) -> list[int]:
        """Those that we asked: nobody waits for the answers to another system's e-mails."""
        asked = zip(self.answers.counts, self.imported, strict=True)
        return [counts.responses - imported for counts, imported in asked]

    def together(self) -> AskedGroups:
        return AskedGroups(self.answers.together(), [sum(self.imported)])

    def windows(self, length: int) -> list[ResponseRate]:
        """Of each group with those before it, `length` in all; from the first full one on."""
        if length == 1:
            return self.rates()
        ends = range(length, len(self.imported) + 1)
        return [self.span(end - length, end).rates()[0] for end in ends]

    def span(self, first: int, end: int) -> AskedGroups:
        """The groups from `first` up to `end` in one: periods that follow each other."""
        return AskedGroups(self.answers.span(first, end), [sum(self.imported[first:end])])


def response_change(current: AskedGroups, *, compared: AskedGroups) -> Change | None:
    """Of two totals; None where either is too small, or known from an import only in part."""
    [now], [before] = current.rates(), compared.rates()
    if not (now.comparable and before.comparable):
        return None
    [shared] = current.answers.shared_with(compared.answers)
    return share_change(now.sample, compared=Other(before.sample, shared))
