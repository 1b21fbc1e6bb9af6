"""The answers of a period by group, with what each customer inside answered in all.

Where an interval or a test is asked for, the counts alone are not enough: answers of one customer
resemble each other (`analytics.domain.statistics.nps.intervals`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.answers.scores import COUNT_COLUMNS
from analytics.domain.answers.votes import Votes, summed_by_place
from analytics.domain.statistics.interval import Floats
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Other, Sample, Shared, independent


def grouped_answers(
    groups: NDArray[np.int64],
    customers: NDArray[np.int64],
    counts: Mapping[str, NDArray[Any]],
    *,
    size: int,
) -> GroupedAnswers:
    """From rows of any number: one pass over them for each category, all else by customer.

    A category that is left out has no answers.
    """
    places, columns = summed_by_place(
        groups, customers, [counts.get(name) for name in COUNT_COLUMNS], size=size
    )
    width = int(customers.max(initial=0)) + 1
    lost, neutral, won = columns
    group_of, customer_of = places // width, places % width
    known = customer_of != UNKNOWN_CUSTOMER
    answers = lost + neutral + won
    voting = known & (answers > 0)
    votes = group_of, customer_of, answers, won - lost
    return GroupedAnswers(
        _counts(group_of, (lost, neutral, won), size),
        _counts(group_of[~known], (lost[~known], neutral[~known], won[~known]), size),
        Votes(*(column[voting] for column in votes)),
    )


def _counts(groups: NDArray[np.int64], columns: Sequence[NDArray[Any]], size: int) -> list[Counts]:
    found = _sums(groups, columns, size).tolist()
    return [Counts(**dict(zip(COUNT_COLUMNS, row, strict=True))) for row in found]


@dataclass(frozen=True, slots=True, eq=False)
class GroupedAnswers:
    """Groups are whole numbers from 0 on, such as segments or months."""

    counts: Sequence[Counts]
    # Those of the counts whose customer is not known: each is a customer of its own.
    loose: Sequence[Counts]
    # Of the others, as `summed` makes them.
    votes: Votes

    def samples(self) -> list[Sample]:
        found = zip(self.counts, self.loose, self._squares().tolist(), strict=True)
        return [_sample(*each) for each in found]

    def together(self) -> GroupedAnswers:
        """All in group 0, for the total."""
        counts, loose = (sum(each, Counts()) for each in (self.counts, self.loose))
        return GroupedAnswers([counts], [loose], self.votes.together())

    def span(self, first: int, end: int) -> GroupedAnswers:
        """The groups from `first` up to `end` in one: periods that follow each other."""
        votes = self.votes.between(first, end)
        return GroupedAnswers(self.counts[first:end], self.loose[first:end], votes).together()

    def renumbered(self, numbers: Sequence[int], *, size: int) -> GroupedAnswers:
        """The group that is now at each place gets the number that stands there."""
        places = np.asarray(numbers, dtype=np.int64)
        moved = replace(self.votes, groups=places[self.votes.groups]).summed()
        counts, loose = [Counts()] * size, [Counts()] * size
        for place, number in enumerate(numbers):
            counts[number], loose[number] = self.counts[place], self.loose[place]
        return GroupedAnswers(counts, loose, moved)

    def against(self, other: GroupedAnswers) -> list[Other]:
        """For each group the one of the same number there."""
        return [Other(*each) for each in zip(other.samples(), self.shared_with(other), strict=True)]

    def shared_with(self, other: GroupedAnswers) -> list[Shared]:
        """Of each group here and the group of the same number there."""
        width = 1 + max(int(each.votes.customers.max(initial=0)) for each in (self, other))
        here, there = (each.votes.groups * width + each.votes.customers for each in (self, other))
        # Both stand in their order.
        at = np.minimum(np.searchsorted(there, here), max(len(there) - 1, 0))
        mine = there[at] == here if len(there) else np.zeros(len(here), dtype=np.bool_)
        theirs = at[mine]
        return self._shared(mine, other.votes.answers[theirs], other.votes.values[theirs])

    def rests(self, total: GroupedAnswers) -> list[Other]:
        """For each group all others together; `total` are the groups together."""
        votes = self.votes
        n_of, y_of = np.zeros((2, int(votes.customers.max(initial=0)) + 1))
        n_of[total.votes.customers] = total.votes.answers
        y_of[total.votes.customers] = total.votes.values
        n_all, y_all = n_of[votes.customers], y_of[votes.customers]
        n, y = n_all - votes.answers, y_all - votes.values
        # A customer of the group that has answers elsewhere stays, with those.
        gone = self._sums(n == 0, y_all**2 - y**2, y_all * n_all - y * n, n_all**2 - n**2)
        left = zip(self.counts, self.loose, (total._squares() - gone).tolist(), strict=True)
        samples = [
            _sample(total.counts[0] - counts, total.loose[0] - loose, squares)
            for counts, loose, squares in left
        ]
        shared = self._shared(np.arange(len(n)), n, y)
        return [Other(*each) for each in zip(samples, shared, strict=True)]

    def _squares(self) -> NDArray[np.int64]:
        """A row per group: customers, and the sums that Sample keeps."""
        n, y = self.votes.answers, self.votes.values
        return self._sums(np.ones_like(n), y * y, y * n, n * n)

    def _shared(self, rows: NDArray[Any], n: Floats, y: Floats) -> list[Shared]:
        votes = self.votes.chosen(rows)
        mine_n, mine_y = votes.answers, votes.values
        columns = mine_y * y, mine_y * n, mine_n * y, mine_n * n
        return [Shared(*each) for each in _sums(votes.groups, columns, len(self.counts)).tolist()]

    def _sums(self, *columns: NDArray[Any]) -> NDArray[np.int64]:
        return _sums(self.votes.groups, columns, len(self.counts))


def _sums(
    groups: NDArray[np.int64], columns: Sequence[NDArray[Any]], size: int
) -> NDArray[np.int64]:
    """A row per group; the columns hold whole numbers, so nothing is rounded."""
    found = [np.bincount(groups, weights=each, minlength=size) for each in columns]
    return np.array(found).astype(np.int64).T


def _sample(counts: Counts, loose: Counts, squares: Sequence[int]) -> Sample:
    customers, yy, yn, nn = squares
    of_customers = Sample(counts=counts - loose, customers=customers, yy=yy, yn=yn, nn=nn)
    return of_customers + independent(loose)
