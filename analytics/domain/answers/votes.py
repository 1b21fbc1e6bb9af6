"""NPS where answers do not weigh the same: by account, by revenue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.statistics.nps.counts import POINTS
from analytics.domain.statistics.weighted import weighted_means

VOTE_COLUMNS = [
    "account_nps", "account_nps_low", "account_nps_high",
    "revenue_weighted_nps", "revenue_weighted_nps_low", "revenue_weighted_nps_high",
    "n_effective_revenue",
]  # fmt: skip
# Adding up without sorting takes room for every possible place: so many, or as many for each row.
MOST_PLACES, PLACES_PER_ROW = 1_000_000, 4


def summed_by_place(
    groups: NDArray[np.int64],
    customers: NDArray[np.int64],
    columns: Sequence[NDArray[Any] | None],
    *,
    size: int,
) -> tuple[NDArray[np.int64], list[NDArray[np.float64]]]:
    """The places (group x customer) that occur, in order, and each column added up there.

    A place is group * (the largest customer + 1) + customer; a column of None is one of zeros.
    Meant for millions of rows: they are added up in one pass, and sorted only where the possible
    places are many more than the rows.
    """
    width = int(customers.max(initial=0)) + 1
    place, limit = groups * width + customers, size * width
    if limit > max(MOST_PLACES, PLACES_PER_ROW * len(place)):
        places, at = np.unique(place, return_inverse=True)
        return places, [_added(at, each, len(places)) for each in columns]
    sums = [_added(place, each, limit) for each in columns]
    places = np.flatnonzero(np.any([each != 0 for each in sums], axis=0))
    return places, [each[places] for each in sums]


def _added(
    places: NDArray[np.int64], column: NDArray[Any] | None, limit: int
) -> NDArray[np.float64]:
    if column is None:
        return np.zeros(limit)
    return np.bincount(places, weights=column, minlength=limit).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The customers' answers inside each group: how many, and the sum of their values.

    Groups and customers are whole numbers from 0 on; UNKNOWN_CUSTOMER has no vote. A customer whose
    respondents fall into several groups has one vote in each of them.
    """

    groups: NDArray[np.int64]
    customers: NDArray[np.int64]
    answers: NDArray[np.float64]
    values: NDArray[np.float64]

    def summed(self) -> Votes:
        """One row per customer and group that has answers."""
        size = int(self.groups.max(initial=0)) + 1
        places, (answers, values) = summed_by_place(
            self.groups, self.customers, [self.answers, self.values], size=size
        )
        width = int(self.customers.max(initial=0)) + 1
        voting = (answers > 0) & (places % width != UNKNOWN_CUSTOMER)
        places = places[voting]
        return Votes(places // width, places % width, answers[voting], values[voting])

    def chosen(self, rows: Any) -> Votes:
        """By a mask, by places or by a slice."""
        columns = self.groups, self.customers, self.answers, self.values
        return Votes(*(column[rows] for column in columns))

    def between(self, first: int, end: int) -> Votes:
        """The groups from `first` up to `end`, which stand in their order once they are summed."""
        return self.chosen(slice(*np.searchsorted(self.groups, [first, end])))

    def together(self) -> Votes:
        """All in group 0, for the total."""
        nowhere = np.zeros_like(self.groups)
        return Votes(nowhere, self.customers, self.answers, self.values).summed()

    def nps(self, *, groups: int, mrr: NDArray[np.float64]) -> pd.DataFrame:
        """VOTE_COLUMNS of each group, from rows as `summed` makes them; `mrr` by customer."""
        vote = self.values / self.answers
        weight = np.zeros(len(vote))
        known = self.customers < len(mrr)
        weight[known] = mrr[self.customers[known]].clip(min=0.0)
        account, weighted = (
            weighted_means(self.groups, values=vote, weights=each, size=groups)
            for each in (np.ones_like(vote), weight)
        )
        scaled = [POINTS * each for found in (account, weighted) for each in found[:3]]
        return pd.DataFrame(dict(zip(VOTE_COLUMNS, [*scaled, weighted.kish], strict=True)))
