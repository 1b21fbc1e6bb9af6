"""Metrics of money by group of customers, of the rows that a period's customers have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from accounts.domain.facts.events import EventKind
from analytics.counting.customers import ChosenCustomers
from analytics.domain.metrics.estimates import UNKNOWN, Estimate
from analytics.domain.metrics.facts import Facts
from analytics.domain.metrics.lifetime import churn_columns, followed
from analytics.domain.metrics.money import (
    COMPLEMENTS,
    KeptRevenue,
    lifetime_by_survival,
    lifetime_value,
)
from analytics.domain.periods import month_of, months
from analytics.domain.statistics.interval import Change, Floats
from analytics.queries.customers.table import read_revenue
from analytics.queries.database.snapshot import once
from analytics.reports.answers.segment_rows import SegmentRow

DAYS_A_YEAR = 365.25
CLV, BY_SURVIVAL = "clv", "clv_survival"
LIFETIMES = (CLV, BY_SURVIVAL)


class MoneyRead:
    """Of all customers of the period, a row each, in the order of `customers`."""

    def __init__(
        self,
        customers: pd.DataFrame,
        chosen: ChosenCustomers | None,
        *,
        facts: Facts,
        purchases: bool,
    ) -> None:
        self.customers = customers
        self._chosen, self._facts, self._purchases = chosen, facts, purchases
        self.choices = facts.choices

    @property
    def knows_churn(self) -> bool:
        return self._chosen is not None and self._chosen.known.churn_in(self._facts.period)

    def of(self, group: pd.Index, row: SegmentRow) -> GroupMoney:
        return GroupMoney(self, self.customers.index.get_indexer(group), row)

    @cached_property
    def monthly(self) -> Floats | None:
        """MRR at the end of the period, 0 for none; None where no revenue is known."""
        known = pd.to_numeric(self.customers["end"])
        return None if known.isna().all() else known.fillna(0.0).to_numpy(dtype=np.float64)

    @cached_property
    def yearly(self) -> Floats | None:
        """MRR x 12; without revenue the purchases of the period, as of a whole year."""
        if self.monthly is not None:
            return 12 * self.monthly
        bought = self._facts.of(EventKind.PURCHASED, since=self._facts.start)
        if not self._purchases or bought["value"].isna().all():
            return None
        days = (self._facts.end - self._facts.start).days
        sums = bought.groupby("customer")["value"].sum().reindex(self.customers.index)
        return sums.fillna(0.0).to_numpy(dtype=np.float64) * DAYS_A_YEAR / days

    @cached_property
    def churn(self) -> Floats:
        """Of the whole months of the period that are over."""
        parts = [
            part
            for part in months(self._facts.period)
            if part == month_of(part.start) and pd.Timestamp(part.end) <= self._facts.end
        ]
        return churn_columns(self._dates, months=parts)

    @cached_property
    def followed(self) -> Floats:
        paid = once("first revenue", _first_revenue)
        paid = paid[paid["day"] < self._facts.end]
        since = (
            self._chosen.known.churn.since if self._chosen and self._chosen.known.churn else None
        )
        if since is not None:
            known = pd.Timestamp(since)
            paid = paid.assign(day=paid["day"].where(paid["day"] > known, known))
        return followed(self._dates, paid, end=self._facts.end).columns()

    @property
    def _dates(self) -> pd.DataFrame:
        return self._facts.dates.reindex(self.customers.index)


def _first_revenue() -> pd.DataFrame:
    """By customer the month-end with the first MRR, and the amount (NaN: no rate is known)."""
    rows = read_revenue()
    rows = rows[~(rows["mrr"] <= 0)].sort_values("month", kind="stable")
    first = rows.drop_duplicates("customer").set_index("customer")
    return pd.DataFrame({"day": first["month"] + pd.offsets.MonthEnd(0), "mrr": first["mrr"]})


@dataclass(frozen=True, eq=False)
class GroupMoney:
    """Of one segment, or of all."""

    read: MoneyRead
    places: np.ndarray
    row: SegmentRow

    @cached_property
    def _kept(self) -> KeptRevenue:
        return KeptRevenue(self.read.customers.iloc[self.places])

    def estimate(self, key: str) -> Estimate:
        if key in LIFETIMES:
            return self._lifetime(key)[0]
        value = self._value(key)
        return UNKNOWN if value is None else self._kept.estimate(key, value=value)

    def change(self, key: str, *, compared: GroupMoney) -> Change | None:
        if key in LIFETIMES or self._value(key) is None or compared._value(key) is None:
            return None
        return self._kept.change(key, compared=compared._kept)

    @property
    def horizon(self) -> int:
        """How many months of life the lifetime by survival looks at."""
        return self._lifetime(BY_SURVIVAL)[1]

    def _value(self, key: str) -> float | None:
        kept: float | None = getattr(self.row, COMPLEMENTS.get(key, key))
        return 1 - kept if kept is not None and key in COMPLEMENTS else kept

    def _lifetime(self, key: str) -> tuple[Estimate, int]:
        return self._by_survival if key == BY_SURVIVAL else (self._by_churn, 0)

    @cached_property
    def _by_churn(self) -> Estimate:
        yearly = self.read.yearly if self.read.knows_churn else None
        if yearly is None or not self.read.churn.shape[1]:
            return UNKNOWN
        return lifetime_value(yearly[self.places], self.read.churn[self.places])

    @cached_property
    def _by_survival(self) -> tuple[Estimate, int]:
        monthly = self.read.monthly if self.read.knows_churn else None
        if monthly is None:
            return UNKNOWN, 0
        return lifetime_by_survival(
            monthly[self.places], self.read.followed[self.places], choices=self.read.choices
        )
