from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from decimal import Decimal
from functools import partial

from accounts.domain.imports.file_columns import FileKind, RevenueRow
from accounts.domain.imports.rows import RowError
from accounts.models import MonthlyRevenue
from accounts.services.bulk import upsert
from accounts.services.imports.kinds.base import Importer, Plan

Month = tuple[int, dt.date]


class RevenueImporter(Importer[RevenueRow]):
    kind = FileKind.REVENUE
    attributes_of = None

    def key(self, row: RevenueRow) -> tuple[str, Hashable]:
        return "month", (row.customer_id, row.month)

    def check(self, rows: Sequence[tuple[int, RevenueRow]]) -> list[RowError]:
        return self.unknown_customers([(line, row.customer_id) for line, row in rows])

    def plan(self, rows: Sequence[RevenueRow]) -> Plan:
        customers = self.customers.find(row.customer_id for row in rows)
        wanted = {(customers[row.customer_id], row.month): row for row in rows}
        known = _known(wanted)
        changed: list[MonthlyRevenue] = []
        created = 0
        for key, row in wanted.items():
            before = known.get(key)
            after = (row.mrr, row.currency if before is None or self._has_currency else before[1])
            created += before is None
            if after != before:
                changed.append(_revenue(key, *after))
        updated = len(changed) - created
        return Plan(created, updated, len(rows) - len(changed), partial(_write, changed))

    @property
    def _has_currency(self) -> bool:
        return "currency" in self.given


def _known(wanted: dict[Month, RevenueRow]) -> dict[Month, tuple[Decimal, str]]:
    """A file is in the order of customers or of months, so these two lists are short together."""
    found = MonthlyRevenue.objects.filter(
        customer__in={customer for customer, _ in wanted}, month__in={month for _, month in wanted}
    ).values_list("customer_id", "month", "mrr", "currency")
    return {(customer, month): (mrr, currency) for customer, month, mrr, currency in found}


def _revenue(key: Month, mrr: Decimal, currency: str) -> MonthlyRevenue:
    return MonthlyRevenue(customer_id=key[0], month=key[1], mrr=mrr, currency=currency)


def _write(changed: list[MonthlyRevenue]) -> None:
    upsert(changed, unique=["customer", "month"], update=["mrr", "currency"])
