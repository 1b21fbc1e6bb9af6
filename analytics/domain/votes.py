"""NPS where answers do not weigh the same: by weight, by account, by revenue."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analytics.domain.counting import values_of
from analytics.domain.nps import POINTS

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


def vote_nps_of_columns(
    groups: ArrayLike,
    *,
    customers: ArrayLike,
    scores: ArrayLike,
    counts: ArrayLike,
    number_of_groups: int,
    mrr: Mapping[int, float],
) -> pd.DataFrame:
    """As `vote_nps_by`, for groups and customers that are whole numbers from 0 on.

    Customer 0 is nobody. Meant for millions of rows: a table of groups by customers is added up
    in one pass, without sorting.
    """
    customer, group = np.asarray(customers, np.int64), np.asarray(groups, np.int64)
    width = int(customer.max(initial=0)) + 1
    place = group * width + customer
    places, place = _narrowed(place, limit=number_of_groups * width)
    count = np.asarray(counts, dtype=np.float64)
    value = values_of(pd.Series(np.asarray(scores)))
    answers = np.bincount(place, weights=count, minlength=len(places))
    sums = np.bincount(place, weights=count * value, minlength=len(places))
    voting = (answers > 0) & (places % width != 0)
    vote, place = sums[voting] / answers[voting], places[voting]
    paid = np.zeros(width)
    paying = np.fromiter(mrr.keys(), np.int64, len(mrr))
    amounts = np.fromiter(mrr.values(), np.float64, len(mrr)).clip(min=0.0)
    known = (paying > 0) & (paying < width)
    paid[paying[known]] = amounts[known]
    return _vote_means(place // width, vote, paid[place % width], number_of_groups)


def _narrowed(place: Any, *, limit: int) -> tuple[Any, Any]:
    """Every possible place where they are few, else those that occur."""
    if limit <= _MOST_PLACES:
        return np.arange(limit), place
    return np.unique(place, return_inverse=True)


def _vote_means(group: Any, vote: Any, weight: Any, number_of_groups: int) -> pd.DataFrame:
    votes = np.bincount(group, minlength=number_of_groups)
    weights = np.bincount(group, weights=weight, minlength=number_of_groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        account = np.bincount(group, weights=vote, minlength=number_of_groups) / votes
        weighted = np.bincount(group, weights=vote * weight, minlength=number_of_groups) / weights
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
