"""What a customer is worth: as long as churn stays what it is, and as far as the data have seen.

Each rule makes a row per customer whose columns add up, so that any group of customers, and any
draw of them, is worth what their sums say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.domain.metrics.facts import Choices
from analytics.domain.periods import DAYS_A_MONTH, Period
from analytics.domain.statistics.interval import Floats

# The horizon of the lifetime by survival, and how many must be followed in each of its months.
MOST_MONTHS = 60
MIN_FOLLOWED = 5


def churn_columns(dates: pd.DataFrame, *, months: Sequence[Period]) -> Floats:
    """By customer: of each month whether it was there at its start, then whether it left in it."""
    started, gone = dates["started_on"], dates["churned_on"]
    there = np.zeros((len(dates), len(months)))
    left = np.zeros_like(there)
    for place, month in enumerate(months):
        first, end = pd.Timestamp(month.start), pd.Timestamp(month.end)
        there[:, place] = (started < first) & ~(gone < first)
        left[:, place] = there[:, place] * (gone < end)
    return np.hstack([there, left])


def mean_churn(sums: Floats) -> Floats:
    """The mean of the months' rates, of each row of sums; months without customers say nothing."""
    there, left = np.hsplit(sums, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(there > 0, left / there, 0.0)
        found: Floats = rates.sum(axis=1) / (there > 0).sum(axis=1)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """By customer: since which month of its life it is followed, until which, and how it ended."""

    # Its first MRR that is known, which is not chosen by how long it stayed.
    weight: Floats
    first_month: Floats
    last_month: Floats
    lost: Floats

    def columns(self) -> Floats:
        """Of each month of life the MRR that was followed in it, then the MRR that was lost in it.

        Who is still there in its last month is followed for half of that.
        """
        month = np.arange(MOST_MONTHS)[None, :]
        first, last, lost = (
            each[:, None] for each in (self.first_month, self.last_month, self.lost)
        )
        inside = (first <= month) & (month <= last)
        part = np.where(month == last, np.where(lost > 0, 1.0, 0.5), 1.0)
        weight = self.weight[:, None]
        return np.hstack([weight * inside * part, weight * inside * (month == last) * lost])


def followed(dates: pd.DataFrame, first_paid: pd.DataFrame, *, end: pd.Timestamp) -> Followed:
    """A row for each row of `dates`; who cannot be followed weighs nothing.

    `first_paid`: by customer the month-end with its first MRR (`day`) and the amount (`mrr`). Who
    left before it has none, so whoever stayed until it counts from there on only.
    """
    paid = first_paid.reindex(dates.index)
    gone = dates["churned_on"]
    lost = (gone < end).to_numpy()
    last = gone.where(gone < end, end - pd.Timedelta(days=1))
    first_month, last_month = (_age(each, dates["started_on"]) for each in (paid["day"], last))
    weight = paid["mrr"].to_numpy(dtype=np.float64)
    known = ~np.isnan(weight) & (first_month >= 0) & (last_month >= first_month)
    return Followed(
        np.where(known, weight, 0.0),
        np.where(known, first_month, 0.0),
        np.where(known, last_month, -1.0),
        lost.astype(np.float64),
    )


def _age(days: pd.Series, started: pd.Series) -> Floats:
    """In whole months; NaN where one of the two is not known."""
    lived = (pd.to_datetime(days) - started).dt.days.to_numpy(dtype=np.float64)
    return np.floor(lived / DAYS_A_MONTH)


def horizon_of(columns: Floats) -> int:
    """The months of life, from the first on, in each of which enough customers were followed."""
    enough = (columns[:, :MOST_MONTHS] > 0).sum(axis=0) >= MIN_FOLLOWED
    return MOST_MONTHS if enough.all() else int(np.argmin(enough))


def months_worth(sums: Floats, *, horizon: int, choices: Choices) -> Floats:
    """Of each row of sums: how many months a unit of revenue stays within the horizon, x margin.

    A month is worth less by the discount for each year that it lies ahead.
    """
    followed_mrr, lost = (each[:, :horizon] for each in np.hsplit(sums, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        stays = np.where(followed_mrr > 0, 1 - lost / followed_mrr, 1.0)
    survival = np.cumprod(np.hstack([np.ones((len(sums), 1)), stays[:, :-1]]), axis=1)
    worth = (1 + choices.discount) ** (-np.arange(horizon) / 12)
    found: Floats = choices.margin * survival @ worth
    return found
