"""Revenue product by product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd
from django.db.models import Value
from django.db.models.functions import Coalesce

from accounts.models import MonthlyRevenue
from analytics.queries.customers.money import known_conversion
from analytics.queries.customers.table import rate_of
from analytics.queries.database.columns import MISSING, Cents, columns_with_keys, packed_groups


def any_product() -> bool:
    """Whether any revenue names one; an index holds only those rows."""
    return MonthlyRevenue.objects.exclude(product="").order_by().exists()


def read_products(months: Iterable[dt.date], *, rates_of: dt.date | None = None) -> pd.DataFrame:
    """Rows of `customer`, `month`, `product` (empty: none named), `mrr`, `quantity` (NaN: unknown).

    Of the months that contain the given days; `mrr` in the currency of reports, NaN where no rate
    is known. `rates_of`: all at the rates of the month of that day: no rate moves an amount.
    """
    rows = MonthlyRevenue.objects.filter(month__in={day.replace(day=1) for day in months})
    known = known_conversion()
    quantity = Coalesce(Cents("quantity"), Value(MISSING))
    columns = ["customer_id", Cents("mrr"), quantity]
    by = ["month", "currency", "product"]
    found = packed_groups(rows, by=by, columns=columns)
    (customers, cents, hundredths), groups = columns_with_keys(found, width=3)
    fixed = None if rates_of is None else rates_of.replace(day=1)
    rates = [rate_of((fixed or row[0], row[1]), known) for row in found]
    names = np.array([product for _, _, product, _ in found], dtype=object)
    days = np.array([row[0] for row in found], dtype="datetime64[s]")
    return pd.DataFrame(
        {
            "customer": customers,
            "month": days[groups],
            "product": names[groups],
            "mrr": cents / 100 * np.array(rates, dtype=np.float64)[groups],
            "quantity": np.where(hundredths == MISSING, np.nan, hundredths / 100),
        }
    )
