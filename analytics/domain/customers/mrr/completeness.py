"""Months of revenue that look as if a part of their rows had not been imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from accounts.domain.money import looks_incomplete
from analytics.domain.periods import add_months, month_of


def incomplete_months(
    snapshots: pd.DataFrame, *, churned_on: pd.Series, months: Iterable[date]
) -> list[date]:
    """Of the months (any day of each) those that look incomplete, by their first days.

    `snapshots` has `customer`, `month` (the first day) and `mrr`, also of each month before.
    Customers that paid then and have no row now, not even one of 0, are missing; who is marked as
    churned by the end of the month is not.
    """
    by_month = {
        pd.Timestamp(str(stamp)).date(): rows
        for stamp, rows in snapshots.groupby("month")[["customer", "mrr"]]
    }
    wanted = sorted({day.replace(day=1) for day in months})
    return [month for month in wanted if _is_incomplete(month, by_month, churned_on)]


def _is_incomplete(month: date, by_month: dict[date, pd.DataFrame], churned_on: pd.Series) -> bool:
    before = by_month.get(add_months(month, months=-1))
    if before is None:
        return False
    paid = before.loc[before["mrr"] != 0, "customer"].to_numpy()
    here = by_month.get(month)
    missing = paid if here is None else paid[~np.isin(paid, here["customer"].to_numpy())]
    gone = churned_on.reindex(missing) < np.datetime64(month_of(month).end)
    return looks_incomplete(len(paid), missing=int((~gone).sum()))
