"""What is added to the movements of MRR where products are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from accounts.queries.revenue import has_products
from analytics.domain.customers.products import (
    LEDGER_COLUMNS,
    Ledger,
    ProductLines,
    ledger_of,
    ledger_rows,
    product_lines,
)
from analytics.domain.customers.revenue import start_and_end_months
from analytics.domain.periods import Period, month_label
from analytics.queries.customers.products import read_products
from analytics.reports.report import Column, Kind, Table


@dataclass(frozen=True, slots=True)
class ByProduct:
    """None where no product is known at one of the two ends."""

    period: Ledger | None
    # By the first day of each month.
    months: dict[dt.date, Ledger | None]

    def table(self) -> Table | None:
        columns = [Column("month", Kind.PERIOD), *(Column(each, Kind.MONEY) for each in LEDGER_COLUMNS)]
        rows = [
            [f"{month:%Y-%m}", *(getattr(each, name) for name in LEDGER_COLUMNS)]
            for month, each in self.months.items()
            if each is not None
        ]
        return Table("movements_by_product", columns, rows) if rows else None


def by_product(
    period: Period | None,
    *,
    months: Sequence[Period],
    last_known: dt.date | None,
    accounts: Sequence[int] | None = None,
) -> ByProduct:
    """`period`: None where its movements are unknown. `accounts`: only of these customers."""
    ...
