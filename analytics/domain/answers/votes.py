"""NPS where answers do not weigh the same: by account, by revenue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.statistics.nps import POINTS

VOTE_COLUMNS = ["account_nps", "revenue_weighted_nps"]
_MOST_PLACES = 20_000_000


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
        if limit <= _MOST_PLACES:
            # Every possible place where they are few, else those that occur.
            places = np.arange(limit)
        else:
            places, place = np.unique(place, return_inverse=True)
        answers = np.bincount(place, weights=self.answers, minlength=len(places))
        values = np.bincount(place, weights=self.values, minlength=len(places))
        voting = (answers > 0) & (places % width != UNKNOWN_CUSTOMER)
        places = places[voting]
        return Votes(places // width, places % width, answers[voting], values[voting])

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

        def sums(weights: NDArray[np.float64] | None) -> NDArray[np.float64]:
            return np.bincount(self.groups, weights=weights, minlength=groups).astype(np.float64)

        with np.errstate(divide="ignore", invalid="ignore"):
            account, weighted = sums(vote) / sums(None), sums(vote * weight) / sums(weight)
        return pd.DataFrame(
            {"account_nps": POINTS * account, "revenue_weighted_nps": POINTS * weighted}
        )
