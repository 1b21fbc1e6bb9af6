"""Every movement of MRR, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.domain.customers.revenue import Movements, month_numbers, movements
from analytics.domain.periods import Period, month_of


@dataclass(frozen=True, slots=True)
class MovementMonth:
    period: Period
    movements: Movements
    # Customers with MRR at the month-end before, and those of them without any at this one.
    customers_at_start: int
    customers_churned: int

    @property
    def gross_churn_rate(self) -> float | None:
        return self.movements.revenue_churn_rate

    @property
    def net_churn_rate(self) -> float | None:
        """Losses less every rise of known customers, the returning ones included."""
        moved = self.movements
        lost = moved.churned + moved.contraction - moved.expansion - moved.reactivated
        return lost / moved.start if moved.start > 0 else None

    @property
    def customer_churn_rate(self) -> float | None:
        return self.customers_churned / self.customers_at_start if self.customers_at_start else None


def mrr_by_month(snapshots: pd.DataFrame, *, until: int | None = None) -> pd.DataFrame:
    """Customers by month numbers, from the first month with rows on without gaps; absent is 0.

    Missing (NaN) stays what is missing in `snapshots`.
    """
    paid = pd.DataFrame(
        {
            "customer": snapshots["customer"],
            "month": month_numbers(snapshots["month"]),
            "mrr": snapshots["mrr"].astype(float).clip(lower=0.0).fillna(-np.inf),
        }
    )
    wide = paid.pivot_table(
        index="customer", columns="month", values="mrr", aggfunc="sum", fill_value=0.0
    )
    if wide.empty:
        return wide
    last = int(wide.columns.max()) if until is None else until
    wide = wide.reindex(columns=range(int(wide.columns.min()), last + 1), fill_value=0.0)
    return wide.where(wide >= 0)


def monthly_positions(
    snapshots: pd.DataFrame, *, period: Period | None = None
) -> Iterator[tuple[Period, pd.DataFrame]]:
    """The months of `period`, or all, each with its `start`, `end` and `paid_before` by customer.

    Of those who are known at both ends; what was paid before it decides new against reactivated.
    """
    wide = mrr_by_month(snapshots)
    if wide.empty:
        return
    ever_paid = np.maximum.accumulate(~(wide.to_numpy() <= 0), axis=1)
    for place, number in enumerate(wide.columns):
        month = month_of_number(int(number))
        if period is not None and not (period.start <= month.last_day < period.end):
            continue
        start = wide.iloc[:, place - 1] if place else pd.Series(0.0, index=wide.index)
        paid_before = ever_paid[:, place - 1] if place else np.zeros(len(wide), dtype=bool)
        columns = {"start": start, "end": wide.iloc[:, place], "paid_before": paid_before}
        rows = pd.DataFrame(columns)
        yield month, rows[rows["start"].notna() & rows["end"].notna()]


def monthly_movements(
    snapshots: pd.DataFrame, *, period: Period | None = None
) -> list[MovementMonth]:
    """The months of `period`, or all."""
    return [
        _movement_month(month, rows) for month, rows in monthly_positions(snapshots, period=period)
    ]


def month_of_number(number: int) -> Period:
    return month_of(pd.Timestamp(year=number // 12, month=number % 12 + 1, day=1).date())


def _movement_month(month: Period, rows: pd.DataFrame) -> MovementMonth:
    return MovementMonth(
        month,
        movements(rows),
        customers_at_start=int((rows["start"] > 0).sum()),
        customers_churned=int(((rows["start"] > 0) & (rows["end"] <= 0)).sum()),
    )
