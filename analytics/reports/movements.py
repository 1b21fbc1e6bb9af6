"""What is added to the movements of MRR where products are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analytics.domain.customers.mrr.products import (
    LEDGER_COLUMNS,
    Ledger,
    ProductLines,
    ledger_of,
    ledger_rows,
    product_lines,
)
from analytics.domain.customers.revenue import start_and_end_months
from analytics.domain.periods import Period, last_month_end_before, month_of
from analytics.queries.customers.products import any_product, read_products
from analytics.reports.report import Column, Kind, Table

Ends = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class ByProduct:
    """None where no product is known at one of the two ends."""

    period: Ledger | None = None
    # By the first day of each month.
    months: Mapping[dt.date, Ledger | None] = field(default_factory=dict)

    def tables(self) -> list[Table]:
        money = (Column(each, Kind.MONEY) for each in LEDGER_COLUMNS)
        columns = [Column("month", Kind.PERIOD), *money]
        rows = [
            [f"{month:%Y-%m}", *(getattr(each, name) for name in LEDGER_COLUMNS)]
            for month, each in self.months.items()
            if each is not None
        ]
        return [Table("movements_by_product", columns, rows)] if rows else []


def by_product(
    period: Period | None,
    *,
    months: Sequence[Period],
    last_known: dt.date | None,
    accounts: Sequence[int] | None = None,
) -> ByProduct:
    """`period`: None where its movements are unknown. `accounts`: only of these customers."""
    if not any_product():
        return ByProduct(None, {each.start: None for each in months})
    pairs = {each.start: _ends(month_of(each.start)) for each in months}
    whole = start_and_end_months(period, last_known=last_known) if period else None
    asked = [*pairs.values(), *([whole] if whole else [])]
    days = {day for pair in asked for day in pair}
    rows = read_products(days)
    lines = product_lines(rows, days=days)
    # Which products there are is told of all customers.
    known = {pair: lines.knows_products(*pair) for pair in asked}
    if accounts is not None:
        lines = product_lines(rows[rows["customer"].isin(accounts)], days=days)

    def found(pair: Ends | None) -> Ledger | None:
        return _ledger(lines, pair) if pair and known[pair] else None

    return ByProduct(found(whole), {month: found(pair) for month, pair in pairs.items()})


def _ends(month: Period) -> Ends:
    return last_month_end_before(month.start), month.last_day


def _ledger(lines: ProductLines, pair: Ends) -> Ledger:
    start, end = pair
    return ledger_of(ledger_rows(lines, start=start, end=end).dropna())
