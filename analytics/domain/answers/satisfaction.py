"""CSAT: the share of 4 and 5 among the answers to a question of satisfaction, 1 to 5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.answers.samples import GroupedAnswers, grouped_answers
from analytics.domain.answers.scores import COUNT_COLUMNS, categories_of_scores
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import Interval
from analytics.domain.statistics.ratios import ratio_of
from surveys.domain.answers.questions import SATISFIED_FROM

LEAST, MOST = 1, 5


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
        satisfied = self.values >= SATISFIED_FROM
        nobody = np.zeros_like(satisfied)
        counts = dict(zip(COUNT_COLUMNS, (nobody, ~satisfied, satisfied), strict=True))
        return grouped_answers(self.groups, self.customers, counts, size=groups)

    def shares(self, *, groups: int) -> list[float | None]:
        found = self.grouped(groups=groups).counts
        return [each.promoters / each.responses if each.responses else None for each in found]

    def mean_limits(self, *, groups: int) -> list[Interval | None]:
        """Linearised, clustered by customer; None where too few customers carry the mean."""
        numbers = np.arange(1, len(self.customers) + 1)
        # Whose customer is not known stands for a customer of its own.
        clusters = np.where(self.customers == UNKNOWN_CUSTOMER, -numbers, self.customers)
        found: list[Interval | None] = []
        for group in range(groups):
            chosen = self.groups == group
            _, places = np.unique(clusters[chosen], return_inverse=True)
            sums = np.bincount(places, weights=self.values[chosen])
            ratio = ratio_of(sums, wholes=np.bincount(places))
            limits = ratio.interval() if ratio else None
            found.append(limits and Interval(max(limits.low, LEAST), min(limits.high, MOST)))
        return found

    def means(self, *, groups: int) -> list[float | None]:
        answers = np.bincount(self.groups, minlength=groups)
        sums = np.bincount(self.groups, weights=self.values, minlength=groups)
        return [
            float(total / number) if number else None
            for total, number in zip(sums, answers, strict=True)
        ]
