"""What became of revenue and customers between the start and the end of a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.periods import Period, last_month_end_before, last_month_end_on_or_before

MOVEMENT_COLUMNS = [
    "start",
    "new",
    "expansion",
    "contraction",
    "churned",
    "reactivated",
    "end",
    "kept",
]
# Sums of cents drift in the last digits of a float with the order of the rows. Six decimals keep
# every real amount and make equal sums equal.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Movements:
    """MRR from start to end; every movement is an amount that is not negative."""

    start: float = 0.0
    new: float = 0.0
    expansion: float = 0.0
    contraction: float = 0.0
    churned: float = 0.0
    reactivated: float = 0.0
    end: float = 0.0
    # Of the customers with MRR at start: what is left without counting any rise.
    kept: float = 0.0

    @property
    def grr(self) -> float | None:
        return self.kept / self.start if self.start > 0 else None

    @property
    def nrr(self) -> float | None:
        """What the customers with MRR at start pay at the end, over what they paid at start."""
        return (self.kept + self.expansion) / self.start if self.start > 0 else None

    @property
    def revenue_churn_rate(self) -> float | None:
        return None if self.grr is None else 1 - self.grr


@dataclass(frozen=True, slots=True)
class CustomerChurn:
    customers_at_start: int = 0
    # None where nobody knows who left.
    customers_churned: int | None = 0

    @property
    def churn_rate(self) -> float | None:
        if self.customers_churned is None or not self.customers_at_start:
            return None
        return self.customers_churned / self.customers_at_start

    @property
    def retention_rate(self) -> float | None:
        return None if self.churn_rate is None else 1 - self.churn_rate


def start_and_end_months(period: Period, *, last_known: date | None = None) -> tuple[date, date]:
    """The month-ends whose snapshots count.

    `last_known` is the last month-end with imported revenue. Without it a period that runs past
    the imports finds no rows at its end and would call every customer churned.
    """
    start = last_month_end_before(period.start)
    end = last_month_end_on_or_before(period.last_day)
    if last_known is None:
        return start, end
    return min(start, last_known), min(end, last_known)


def has_month_end(period: Period) -> bool:
    """Without one, start and end are the same snapshot: revenue is compared with itself."""
    start, end = start_and_end_months(period)
    return start < end


def positions(
    snapshots: pd.DataFrame, *, period: Period, last_known: date | None = None
) -> pd.DataFrame:
    """Per customer (the index): `start`, `end`, and `paid_before`: had MRR by the start or earlier.

    `snapshots` has `customer`, `month` (any day of the month) and `mrr`, missing (NaN) where it
    cannot be known: then start and end of that customer are both missing, for half a customer would
    be one that came or went.
    """
    start, end = start_and_end_months(period, last_known=last_known)
    month = month_numbers(snapshots["month"]).to_numpy()
    paid = snapshots["mrr"].to_numpy(dtype=np.float64).clip(min=0.0)
    places, customers = pd.factorize(snapshots["customer"], sort=True)

    def mrr_at(day: date) -> NDArray[np.float64]:
        chosen = month == month_number(day)
        sums = np.bincount(places[chosen], weights=paid[chosen], minlength=len(customers))
        return sums.astype(np.float64)

    at_start, at_end = mrr_at(start), mrr_at(end)
    unknown = np.isnan(at_start) | np.isnan(at_end)
    earlier = np.zeros(len(customers), dtype=np.bool_)
    earlier[places[(month <= month_number(start)) & ~(paid <= 0)]] = True
    return pd.DataFrame(
        {
            "start": np.where(unknown, np.nan, at_start),
            "end": np.where(unknown, np.nan, at_end),
            "paid_before": earlier,
        },
        index=pd.Index(customers, name="customer"),
    )


def movement_rows(positions: pd.DataFrame) -> pd.DataFrame:
    """The movement of each customer; other columns of `positions`, such as segments, are kept.

    Missing where start and end are.
    """
    start, end = (positions[name].to_numpy(dtype=np.float64) for name in ("start", "end"))
    known = ~(np.isnan(start) | np.isnan(end))
    rise, fall = (end - start).clip(min=0.0), (start - end).clip(min=0.0)
    stays, arrives = (start > 0) & (end > 0), (start <= 0) & (end > 0)
    paid_before = positions["paid_before"].to_numpy(dtype=np.bool_)
    moved = {
        "new": np.where(arrives & ~paid_before, rise, 0.0),
        "expansion": np.where(stays, rise, 0.0),
        "contraction": np.where(stays, fall, 0.0),
        "churned": np.where((start > 0) & (end <= 0), fall, 0.0),
        "reactivated": np.where(arrives & paid_before, rise, 0.0),
        "kept": np.minimum(start, end),
    }
    return positions.assign(**{name: np.where(known, each, np.nan) for name, each in moved.items()})


def movements(positions: pd.DataFrame) -> Movements:
    return movements_of(movement_rows(positions)[MOVEMENT_COLUMNS].sum().to_dict())


def movements_of(row: Mapping[Any, Any]) -> Movements:
    return Movements(**{name: round(float(row[name]), _DECIMALS) for name in MOVEMENT_COLUMNS})


def known_mrr(amounts: pd.Series) -> float | None:
    """Of those that are known (not NaN) together; None where there are amounts and none is."""
    total = float(amounts.sum(min_count=1)) if len(amounts) else 0.0
    return None if np.isnan(total) else round(total, _DECIMALS)


def customer_churn_of(row: Mapping[Any, Any]) -> CustomerChurn:
    churned = row["customers_churned"]
    return CustomerChurn(int(row["customers_at_start"]), None if pd.isna(churned) else int(churned))


def churn_rows(customers: pd.DataFrame, *, period: Period) -> pd.DataFrame:
    """0 or 1 per customer; `customers` has `started_on` and `churned_on` (NaT: not known, none).

    Who joins and leaves inside the period is in neither column.
    """
    started = pd.to_datetime(customers["started_on"])
    churned = pd.to_datetime(customers["churned_on"])
    first, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    at_start = (started < first) & (churned.isna() | (churned >= first))
    return pd.DataFrame(
        {
            "customers_at_start": at_start.astype(int),
            "customers_churned": (at_start & (churned < end)).astype(int),
        },
        index=customers.index,
    )


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def month_numbers(days: pd.Series) -> pd.Series:
    days = pd.to_datetime(days)
    return days.dt.year * 12 + days.dt.month - 1
