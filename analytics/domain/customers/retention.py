"""Cohorts: of those who came in one month, the share still there so many months later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.customers.mrr.movements import month_of_number, mrr_by_month
from analytics.domain.customers.revenue import month_number, month_numbers
from analytics.domain.periods import last_month_end_on_or_before, month_label

MIN_COHORT = 5


@dataclass(frozen=True, slots=True, eq=False)
class Retention:
    """`shares` has a row per cohort ("2025-03") and a column per age in months.

    An age that a cohort has not reached is NaN. `weights` is the size of each cohort: customers,
    or MRR in its first month; `customers` where that is not the number of them.
    """

    shares: pd.DataFrame
    weights: pd.Series
    customers: pd.Series | None = None

    @property
    def sizes(self) -> pd.Series:
        """How many customers each cohort began with."""
        return self.weights if self.customers is None else self.customers

    @property
    def small(self) -> frozenset[str]:
        """Cohorts of which a share would be that of a few single customers."""
        sizes = self.sizes
        return frozenset(str(cohort) for cohort in sizes.index[sizes < MIN_COHORT])

    def of(self, cohorts: Sequence[str]) -> Retention:
        chosen = list(cohorts)
        shares = self.shares.loc[chosen].dropna(axis="columns", how="all")
        customers = None if self.customers is None else self.customers.loc[chosen]
        return Retention(shares, self.weights.loc[chosen], customers)

    def average(self) -> pd.Series:
        """Per age, over the cohorts that have reached it, weighted by their size."""
        known = self.shares.notna()
        weight = known.mul(self.weights, axis=0).sum()
        total = self.shares.fillna(0.0).mul(self.weights, axis=0).sum()
        return total / weight.where(weight > 0)

    def unknown(self) -> Retention:
        """The cohorts and their sizes, but nobody knows who of them is still there."""
        return Retention(self.shares.mask(self.shares.notna()), self.weights)


def customer_retention(customers: pd.DataFrame, *, last_known: date) -> Retention:
    """Cohorts by `started_on`; a customer is there at a month-end if `churned_on` is later.

    Age 0 is the end of the month of the start, so those who left within it are already missing.
    """
    customers = customers[pd.to_datetime(customers["started_on"]) <= pd.Timestamp(last_known)]
    cohort = month_numbers(customers["started_on"]).to_numpy(dtype=np.int64)
    last_there = month_numbers(customers["churned_on"]).to_numpy(dtype=np.float64) - 1
    # Nobody known to have left is there at every month-end.
    last_age = np.where(np.isnan(last_there), np.inf, last_there - cohort)
    last_month = month_number(last_month_end_on_or_before(last_known))
    ages = range(max(last_month - int(cohort.min()) + 1, 1) if len(cohort) else 0)
    there = pd.DataFrame({age: last_age >= age for age in ages}, index=cohort).astype(float)
    grouped = there.groupby(level=0)
    return _retention(grouped.sum(), weights=grouped.size().astype(float), last_month=last_month)


def revenue_retention(snapshots: pd.DataFrame, *, last_known: date) -> Retention:
    """Cohorts by the first month with MRR; the share of that first month's MRR paid later.

    Expansion counts, so a share can pass 1. Who has an amount that cannot be known is left out.
    """
    last_month = month_number(last_month_end_on_or_before(last_known))
    wide = _paid(snapshots, last_month=last_month)
    if wide.empty:
        return _retention(pd.DataFrame(), weights=pd.Series(dtype=float), last_month=last_month)
    paid = wide.to_numpy()
    first = _first_places(wide)
    by_age = pd.DataFrame({0: paid[np.arange(len(paid)), first]})
    for age in range(1, paid.shape[1]):
        place = first + age
        inside = place < paid.shape[1]
        at_age = paid[np.arange(len(paid)), np.where(inside, place, 0)]
        by_age[age] = np.where(inside, at_age, 0.0)
    grouped = by_age.groupby(wide.columns.to_numpy()[first])
    amounts = grouped.sum()
    return _retention(amounts, weights=amounts[0], last_month=last_month, customers=grouped.size())


def revenue_cohort(snapshots: pd.DataFrame, *, month: date, last_known: date) -> pd.Index:
    """The customers of the cohort that first paid in the month."""
    last_month = month_number(last_month_end_on_or_before(last_known))
    wide = _paid(snapshots, last_month=last_month)
    first = wide.columns.to_numpy()[_first_places(wide)] if len(wide) else wide.columns
    found: pd.Index = wide.index[first == month_number(month)]
    return found


def _paid(snapshots: pd.DataFrame, *, last_month: int) -> pd.DataFrame:
    """MRR by customer and month of those who ever paid, and whose every amount is known."""
    left_out = snapshots.loc[snapshots["mrr"].isna(), "customer"]
    snapshots = snapshots[~snapshots["customer"].isin(left_out)]
    snapshots = snapshots[
        (snapshots["mrr"] > 0) & (month_numbers(snapshots["month"]) <= last_month)
    ]
    return mrr_by_month(snapshots, until=last_month)


def _first_places(wide: pd.DataFrame) -> NDArray[np.intp]:
    places: NDArray[np.intp] = (wide.to_numpy() > 0).argmax(axis=1)
    return places


def _retention(
    amounts: pd.DataFrame,
    *,
    weights: pd.Series,
    last_month: int,
    customers: pd.Series | None = None,
) -> Retention:
    shares = amounts.div(weights, axis=0)
    ages, cohorts = shares.columns.to_numpy(), shares.index.to_numpy()
    reached = cohorts[:, None].astype(int) + ages[None, :].astype(int) <= last_month
    shares = shares.where(reached)
    labels = [month_label(month_of_number(int(number))) for number in cohorts]
    shares.index = pd.Index(labels, name="cohort")
    shares.columns = pd.Index(ages.astype(int), name="age")
    weight = pd.Series(weights.to_numpy(), index=shares.index, name="weight")
    sizes = None if customers is None else pd.Series(customers.to_numpy(), index=shares.index)
    return Retention(shares, weight, sizes)
