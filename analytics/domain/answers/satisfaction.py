"""CSAT: the share of 4 and 5 among the answers to a question of satisfaction, 1 to 5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.answers.samples import GroupedAnswers
from analytics.domain.answers.scores import categories_of_scores
from analytics.domain.answers.votes import Votes
from analytics.domain.periods import Period
from analytics.domain.statistics.nps import Counts
from analytics.domain.statistics.shares import share_counts

SATISFIED_FROM = 4


@dataclass(frozen=True, slots=True, eq=False)
class Satisfaction:
    """A place per answer: its group, customer, day, score of 0 to 10 and satisfaction of 1 to 5."""

    groups: NDArray[np.int64]
    customers: NDArray[np.int64]
    days: NDArray[np.datetime64]
    scores: NDArray[np.int64]
    values: NDArray[np.int64]

    def chosen(self, rows: Any) -> Satisfaction:
        columns = self.groups, self.customers, self.days, self.scores, self.values
        return Satisfaction(*(column[rows] for column in columns))

    def within(self, period: Period) -> Satisfaction:
        first, end = np.datetime64(period.start), np.datetime64(period.end)
        return self.chosen((self.days >= first) & (self.days < end))

    def together(self) -> Satisfaction:
        return replace(self, groups=np.zeros_like(self.groups))

    def by_category(self) -> Satisfaction:
        """Grouped by the place of the score's category in COUNT_COLUMNS."""
        return replace(self, groups=categories_of_scores(self.scores))

    def by_part(self, parts: Sequence[Period]) -> Satisfaction:
        """Grouped by the place of the period; the periods follow each other."""
        starts = np.array([part.start for part in parts], dtype="datetime64[D]")
        groups = np.searchsorted(starts, self.days, side="right") - 1
        return replace(self, groups=groups.astype(np.int64))

    def grouped(self, *, groups: int) -> GroupedAnswers:
        """Those satisfied stand as promoters, all others as passives."""
        satisfied = (self.values >= SATISFIED_FROM).astype(np.float64)
        votes = Votes(self.groups, self.customers, np.ones_like(satisfied), satisfied)
        return GroupedAnswers(
            self._counts(slice(None), groups),
            self._counts(self.customers == UNKNOWN_CUSTOMER, groups),
            votes.summed(),
        )

    def shares(self, *, groups: int) -> list[float | None]:
        counts = self._counts(slice(None), groups)
        return [each.promoters / each.responses if each.responses else None for each in counts]

    def means(self, *, groups: int) -> list[float | None]:
        answers = np.bincount(self.groups, minlength=groups)
        sums = np.bincount(self.groups, weights=self.values, minlength=groups)
        return [
            float(total / number) if number else None
            for total, number in zip(sums, answers, strict=True)
        ]

    def _counts(self, rows: Any, groups: int) -> list[Counts]:
        of, values = self.groups[rows], self.values[rows]
        wholes = np.bincount(of, minlength=groups).tolist()
        parts = np.bincount(of[values >= SATISFIED_FROM], minlength=groups).tolist()
        pairs = zip(parts, wholes, strict=True)
        return [share_counts(part, whole=whole) for part, whole in pairs]
