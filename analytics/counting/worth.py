"""What customers pay and how long they stay, as their lifetime value reads it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from accounts.domain.facts.events import EventKind
from analytics.counting.customers import ChosenCustomers
from analytics.domain.metrics.catalogue import BY_SURVIVAL
from analytics.domain.metrics.facts import Facts
from analytics.domain.metrics.lifetime import churn_columns, followed, horizon_of
from analytics.domain.periods import month_of, months
from analytics.domain.statistics.interval import Floats
from analytics.queries.customers.table import read_revenue
from analytics.queries.database.snapshot import once

DAYS_A_YEAR = 365.25


class Worth:
    """Of all customers of the period, a row each, in the order of `customers`."""

    def __init__(
        self,
        customers: pd.DataFrame,
        chosen: ChosenCustomers | None,
        *,
        facts: Facts,
        purchases: bool,
        draws: bool,
    ) -> None:
        self.customers, self.draws = customers, draws
        self._chosen, self._facts, self._purchases = chosen, facts, purchases
        self.choices = facts.choices

    @property
    def knows_churn(self) -> bool:
        return self._chosen is not None and self._chosen.known.churn_in(self._facts.period)

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

    def counted(self, what: str, key: str) -> NDArray[np.bool_]:
        """Whose amounts (`paying`), lives (`followed`) or losses (`lost`) the value is made of."""
        if what == "paying":
            paid = self.monthly if key == BY_SURVIVAL else self.yearly
            return np.zeros(len(self.customers), dtype=bool) if paid is None else paid > 0
        columns, months = self.churn, self.churn.shape[1] // 2
        if key == BY_SURVIVAL:
            columns, months = self.followed, horizon_of(self.followed)
        lives, losses = np.hsplit(columns, 2)
        chosen = (losses if what == "lost" else lives)[:, :months]
        found: NDArray[np.bool_] = np.any(chosen > 0, axis=1)
        return found

    @property
    def _dates(self) -> pd.DataFrame:
        return self._facts.dates.reindex(self.customers.index)


def _first_revenue() -> pd.DataFrame:
    """By customer the month-end with the first MRR, and the amount (NaN: no rate is known)."""
    rows = read_revenue()
    rows = rows[~(rows["mrr"] <= 0)].sort_values("month", kind="stable")
    first = rows.drop_duplicates("customer").set_index("customer")
    return pd.DataFrame({"day": first["month"] + pd.offsets.MonthEnd(0), "mrr": first["mrr"]})
