"""Customers in their segments, with what became of them and of their revenue in a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.customers.figures import CustomerFigures, nobody
from analytics.domain.customers.mrr.completeness import incomplete_months
from analytics.domain.customers.revenue import (
    MOVEMENT_COLUMNS,
    churn_rows,
    movement_rows,
    positions,
    start_and_end_months,
)
from analytics.domain.periods import Period, last_month_end_before
from analytics.queries.customers.known import knowledge
from analytics.queries.customers.table import account_ids, customer_table, read_revenue
from analytics.queries.filters import Scope


class ChosenCustomers:
    """The customers that a scope chooses, by the values they had at a period's start."""

    def __init__(self, scope: Scope, *, periods: Sequence[Period]) -> None:
        self._scope = scope
        self._customers = customer_table({*scope.dimensions, *scope.conditions})
        self.known = knowledge(self._customers.dates, today=scope.filters.today)
        edges = {day for period in periods for day in self._edges(period)}
        # Whether a month is whole shows beside the one before it.
        snapshots = read_revenue(edges | {last_month_end_before(day) for day in edges})
        self._revenue = snapshots.set_index("month").sort_index()
        self._incomplete = incomplete_months(
            snapshots, churned_on=self._customers.dates["churned_on"], months=self._told(edges)
        )

    @property
    def _last_known(self) -> dt.date | None:
        return self.known.revenue.until if self.known.revenue else None

    def _edges(self, period: Period) -> set[dt.date]:
        known = start_and_end_months(period, last_known=self._last_known)
        return {*start_and_end_months(period), *known}

    def on(self, period: Period) -> pd.DataFrame:
        """A row per customer: the columns of `by`, of churn and of the movements of MRR.

        What no import tells of is missing (NaN), not zero.
        """
        filters = self._scope.filters
        as_of = filters.as_of
        values = (
            self._customers.on(period.start) if as_of is None else self._customers.present(as_of)
        )
        chosen = pd.Series(True, index=values.index)
        for name, wanted in filters.where.items():
            chosen &= values[name].isin(list(wanted))
        if filters.owner:
            chosen &= values.index.isin(account_ids(filters.owner))
        rows = values.loc[chosen, list(filters.by)]
        rows = rows.join(churn_rows(self._customers.dates, period=period))
        if not self.known.churn_in(period):
            rows["customers_churned"] = np.nan
        return rows.join(self._movements(period, customers=rows.index))

    def without(self, period: Period) -> CustomerFigures:
        """The figures where there are no customers."""
        start, end = start_and_end_months(period)
        at_start = self.known.mrr_at_start(period)
        return nobody(
            churn=self.known.churn_in(period),
            start=at_start,
            moved=at_start and (start == end or self.known.covers_revenue(period)),
        )

    def has_begun(self, period: Period) -> bool:
        """Whether anybody can have been a customer before the period's end, or have paid."""
        started = self._customers.dates["started_on"]
        if (started < np.datetime64(period.end)).any():
            return True
        return any(len(self._at(day)) for day in self._edges(period))

    def incomplete_months(self, period: Period) -> tuple[dt.date, ...]:
        """Of the snapshots that the period compares, those that look incomplete."""
        compared = {day.replace(day=1) for day in self.revenue_months(period)}
        return tuple(month for month in self._incomplete if month in compared)

    def _told(self, days: Iterable[dt.date]) -> list[dt.date]:
        """Those that revenue is known of: after the last import no month is incomplete."""
        return [day for day in days if self._last_known and day <= self._last_known]

    def revenue_months(self, period: Period) -> tuple[dt.date, dt.date]:
        """The month-ends that are compared; the later one is the last that an import tells of."""
        start, end = start_and_end_months(period)
        known = self._last_known
        return (start, end) if known is None or known <= start else (start, min(end, known))

    def mrr_at_start(self, period: Period) -> NDArray[np.float64]:
        """The weights of the votes, by customer: MRR at the last month-end before the period."""
        start, _ = start_and_end_months(period)
        paid = self._at(start).dropna(subset=["mrr"])
        return np.bincount(paid["customer"], weights=paid["mrr"]).astype(np.float64)

    def _movements(self, period: Period, *, customers: pd.Index) -> pd.DataFrame:
        start, end = start_and_end_months(period)
        known = self._last_known
        if known is None or not self.known.mrr_at_start(period):
            return pd.DataFrame(np.nan, index=customers, columns=MOVEMENT_COLUMNS)
        _, last = start_and_end_months(period, last_known=known)
        revenue = pd.concat([self._at(day) for day in {start, last}]).reset_index()
        moved = movement_rows(positions(revenue, period=period, last_known=known))
        moved = moved[MOVEMENT_COLUMNS].reindex(customers, fill_value=0.0)
        if start < end and not self.known.covers_revenue(period):
            # The start is known, but not what became of it up to the end.
            moved.loc[:, MOVEMENT_COLUMNS[1:]] = np.nan
        return moved

    def _at(self, day: dt.date) -> pd.DataFrame:
        month = pd.Timestamp(day.replace(day=1))
        return self._revenue.loc[month:month]
