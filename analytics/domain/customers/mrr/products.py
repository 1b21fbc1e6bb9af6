"""Where the MRR of those who paid at the start went, product by product.

start + expansion + upgrade + cross-sell - contraction - churned = end, all of the customers with
MRR at start: so the end over the start is their NRR.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.customers.revenue import month_number, month_numbers

LEDGER_COLUMNS = [
    "start",
    "expansion",
    "upgrade",
    "cross_sell",
    "contraction",
    "churned",
    "end",
]
# As of the movements without products: equal sums of cents are equal.
_DECIMALS = 6
Amounts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Amounts that are not negative, of the customers with MRR at start."""

    start: float = 0.0
    # The same product in a higher quantity.
    expansion: float = 0.0
    # The same product at a higher MRR, its quantity not higher.
    upgrade: float = 0.0
    # A product that the customer did not hold at start.
    cross_sell: float = 0.0
    contraction: float = 0.0
    churned: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class ProductLines:
    """A row per customer and product, a column per month: MRR (0: none) and quantity."""

    # By row: the customer's place in `customers`, and whether the product has a name.
    owners: NDArray[np.intp]
    named: NDArray[np.bool_]
    customers: pd.Index
    mrr: pd.DataFrame
    quantity: pd.DataFrame

    def knows_products(self, *days: date) -> bool:
        """Whether any product was paid at the end of each of these months."""
        at = [self.mrr[month_number(day)].to_numpy()[self.named] for day in days]
        return all(bool((paid > 0).any()) for paid in at)


def product_lines(rows: pd.DataFrame, *, days: set[date]) -> ProductLines:
    """`rows`: `customer`, `month`, `product`, `mrr` and `quantity`; NaN is what is not known."""
    customers, whose = np.unique(rows["customer"].to_numpy(), return_inverse=True)
    codes, products = pd.factorize(rows["product"])
    keys, lines = np.unique(whose * max(len(products), 1) + codes, return_inverse=True)
    months = sorted({month_number(day) for day in days})
    found = month_numbers(rows["month"]).to_numpy(dtype=np.int64)
    inside = np.isin(found, months)
    at = lines[inside], np.searchsorted(months, found[inside])

    def by_month(column: str, absent: float) -> pd.DataFrame:
        values = np.full((len(keys), len(months)), absent)
        values[at] = rows[column].to_numpy(dtype=np.float64)[inside]
        return pd.DataFrame(values, columns=months)

    owners, product = np.divmod(keys, max(len(products), 1))
    named = np.array([bool(name) for name in products], dtype=np.bool_)[product]
    return ProductLines(
        owners, named, pd.Index(customers), by_month("mrr", 0.0), by_month("quantity", np.nan)
    )


def ledger_rows(lines: ProductLines, *, start: date, end: date) -> pd.DataFrame:
    """The ledger of each customer with MRR at the end of the month of `start`.

    Missing where an amount at either end is not known. Whose revenue without a product stands at
    one end only named its products in between, or stopped to: it is compared as a whole.
    """
    paid = [lines.mrr[month_number(day)].to_numpy() for day in (start, end)]
    before, after = (_of_owners(each, lines) for each in paid)
    unnamed = [_of_owners(np.where(lines.named, 0.0, each), lines) > 0 for each in paid]
    stays = (before > 0) & (after > 0)
    whole = stays & (unnamed[0] != unnamed[1])
    moved = _line_movements(lines, start=start, end=end, counted=(stays & ~whole)[lines.owners])
    change = np.where(whole, after - before, 0.0)
    rows = pd.DataFrame(
        {
            "start": before,
            "expansion": moved["expansion"],
            "upgrade": moved["upgrade"] + change.clip(min=0.0),
            "cross_sell": moved["cross_sell"],
            "contraction": moved["contraction"] + (-change).clip(min=0.0),
            "churned": np.where((before > 0) & (after <= 0), before, 0.0),
            "end": after,
        },
        index=lines.customers,
    )
    unknown = np.isnan(before) | np.isnan(after)
    rows.loc[unknown] = np.nan
    return rows[unknown | (before > 0)]


def ledger_of(rows: pd.DataFrame) -> Ledger:
    """The rows together; those that are missing are left out."""
    sums = rows[LEDGER_COLUMNS].sum()
    return Ledger(**{name: round(float(sums[name]), _DECIMALS) for name in LEDGER_COLUMNS})


def _line_movements(
    lines: ProductLines, *, start: date, end: date, counted: NDArray[np.bool_]
) -> dict[str, Amounts]:
    """By customer; only of the lines that are `counted`."""
    first, last = month_number(start), month_number(end)
    before, after = lines.mrr[first].to_numpy(), lines.mrr[last].to_numpy()
    change = np.where(counted, after - before, 0.0)
    # Without a name nobody can say what there is more of.
    more = (lines.quantity[last] > lines.quantity[first]).to_numpy() & lines.named
    held = before > 0
    rise = change.clip(min=0.0)
    kinds = {
        "expansion": np.where(held & more, rise, 0.0),
        "upgrade": np.where(held & ~more, rise, 0.0),
        "cross_sell": np.where(held, 0.0, rise),
        "contraction": (-change).clip(min=0.0),
    }
    return {name: _of_owners(amounts, lines) for name, amounts in kinds.items()}


def _of_owners(amounts: Amounts, lines: ProductLines) -> Amounts:
    size = len(lines.customers)
    sums = np.bincount(lines.owners, weights=amounts, minlength=size)
    return sums.astype(np.float64)
