"""NPS where answers do not weigh the same: by weight, by account, by revenue."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analytics.domain.cells import UNKNOWN_CUSTOMER
from analytics.domain.scores import values_of
from analytics.domain.statistics.nps import POINTS

VOTE_COLUMNS = ["account_nps", "revenue_weighted_nps"]
_MOST_PLACES = 20_000_000


class WeightedNps(NamedTuple):
    nps: float
    # None for a single answer, from which no spread can be known.
    standard_error: float | None
    # Kish: as many equally weighted answers would be worth as much.
    effective_responses: float


def weighted_nps(scores: ArrayLike, *, weights: ArrayLike) -> WeightedNps | None:
    """Weighted mean with its linearised standard error; rows without weight do not count."""
    weight = np.asarray(weights, dtype=np.float64)
    if (weight < 0).any() or not np.isfinite(weight).all():
        raise ValueError("A weight is a number that is not negative.")
    value = values_of(pd.Series(np.asarray(scores)))[weight > 0]
    weight = weight[weight > 0]
    total, responses = weight.sum(), len(weight)
    if responses == 0:
        return None
    mean = (weight * value).sum() / total
    error = None
    if responses > 1:
        residuals = weight * (value - mean) / total
        error = POINTS * math.sqrt(responses / (responses - 1) * (residuals**2).sum())
    return WeightedNps(float(POINTS * mean), error, float(total**2 / (weight**2).sum()))


def account_nps(answers: pd.DataFrame) -> float | None:
    """One vote per customer, split evenly among its answers.

    `answers` has `customer`, `score` and `count`.
    """
    return _scalar(vote_nps_by(answers.assign(_all=0), by=["_all"], mrr={}), "account_nps")


def revenue_weighted_nps(answers: pd.DataFrame, *, mrr: Mapping[Any, float]) -> float | None:
    """The customers' votes weighted by `mrr`; a customer without MRR has no weight."""
    votes = vote_nps_by(answers.assign(_all=0), by=["_all"], mrr=mrr)
    return _scalar(votes, "revenue_weighted_nps")


def vote_nps_by(
    answers: pd.DataFrame, *, by: Sequence[str], mrr: Mapping[Any, float]
) -> pd.DataFrame:
    """VOTE_COLUMNS per observed combination of `by`; NaN where nobody has a vote or weight.

    A customer whose respondents fall into several groups has one vote in each of them.
    """
    votes = _votes(answers, by=by)
    votes["votes"] = 1.0
    paid = votes["customer"].map(pd.Series(mrr, dtype=np.float64))
    votes["weight"] = paid.fillna(0.0).clip(lower=0.0)
    votes["weighted"] = votes["weight"] * votes["vote"]
    sums = votes.groupby(list(by), dropna=False, observed=True)[
        ["vote", "votes", "weighted", "weight"]
    ].sum()
    return pd.DataFrame(
        {
            "account_nps": POINTS * sums["vote"] / sums["votes"],
            "revenue_weighted_nps": POINTS
            * sums["weighted"]
            / sums["weight"].where(sums["weight"] > 0),
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The customers' answers inside each group: how many, and the sum of their values.

    As `vote_nps_by`, for groups and customers that are whole numbers from 0 on; UNKNOWN_CUSTOMER
    has no vote. Meant for millions of rows: they are added up in one pass, without sorting.
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


def _votes(answers: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """The mean value of each customer's answers inside each group."""
    answers = answers[(answers["count"] > 0) & answers["customer"].notna()]
    count = answers["count"].to_numpy(dtype=np.float64)
    answers = answers.assign(_count=count, _sum=count * values_of(answers["score"]))
    sums = answers.groupby([*by, "customer"], dropna=False, observed=True)[["_sum", "_count"]].sum()
    sums["vote"] = sums["_sum"] / sums["_count"]
    return sums.reset_index()


def _scalar(frame: pd.DataFrame, column: str) -> float | None:
    if frame.empty or pd.isna(frame[column].iloc[0]):
        return None
    return float(frame[column].iloc[0])
