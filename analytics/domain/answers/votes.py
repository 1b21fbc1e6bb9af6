"""NPS where answers do not weigh the same: by account, by revenue."""

from __future__ import annotations

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
MOST_PLACES = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The customers' answers inside each group: how many, and the sum of their values.

    Groups and customers are whole numbers from 0 on; UNKNOWN_CUSTOMER has no vote. A customer whose
    respondents fall into several groups has one vote in each of them. Meant for millions of rows:
    they are added up in one pass, without sorting.
    """

    groups: NDArray[np.int64]
    customers: NDArray[np.int64]
    answers: NDArray[np.float64]
    values: NDArray[np.float64]

    def summed(self) -> Votes:
        """One row per customer and group that has answers."""
        width = int(self.customers.max(initial=0)) + 1
        place = self.groups * width + self.customers
        limit = (int(self.groups.max(initial=0)) + 1) * width
        if limit <= MOST_PLACES:
            # Every possible place where they are few, else those that occur.
            places = np.arange(limit)
        else:
            places, place = np.unique(place, return_inverse=True)
        answers = np.bincount(place, weights=self.answers, minlength=len(places))
        values = np.bincount(place, weights=self.values, minlength=len(places))
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
