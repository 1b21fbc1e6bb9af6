from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet

from accounts.domain.imports.changes import CellChange, cell_changes, replaced
from accounts.domain.imports.declaration import fields_of
from accounts.domain.imports.file_columns import FileKind, RevenueRow
from accounts.domain.imports.rows import RowError
from accounts.models import MonthlyRevenue
from accounts.services.bulk import upsert
from accounts.services.imports.kinds.base import Importer, Plan

FIELDS = fields_of(RevenueRow)
Month = tuple[int, dt.date]


class RevenueImporter(Importer[RevenueRow]):
    """A customer's month has one row, or one for each product, and what was known of it in the
    other form is replaced: together they would count it twice. A whole that is the sum of the
    products says nothing new, and they stay.
    """

    kind = FileKind.REVENUE
    attributes_of = None

    def __init__(self, *, header: Sequence[str], now: dt.datetime) -> None:
        super().__init__(header=header, now=now)
        # Months with a row without product in a file with products: its rows may be batches apart.
        self._remainders: set[tuple[str, dt.date]] = set()
        # Months with a product under whichever header, where there are several.
        self._split: set[tuple[str, dt.date]] | None = None

    def join(self, first: Importer[RevenueRow]) -> None:
        assert isinstance(first, RevenueImporter)  # noqa: S101 - of one kind
        first._split = set() if first._split is None else first._split
        self._split, self._remainders = first._split, first._remainders

    def key(self, row: RevenueRow) -> tuple[str, Hashable]:
        return "month", (row.customer_id, row.month, row.product)

    def check(self, rows: Sequence[tuple[int, RevenueRow]]) -> list[RowError]:
        if self._split is not None:
            self._split |= {(row.customer_id, row.month) for _, row in rows if row.product}
        if self._has_products or self._split is not None:
            self._remainders |= {(row.customer_id, row.month) for _, row in rows if not row.product}
        return self.unknown_customers([(line, row.customer_id) for line, row in rows])

    def plan(self, rows: Sequence[RevenueRow]) -> Plan:
        customers = self.customers.find(row.customer_id for row in rows)
        wanted = [((customers[row.customer_id], row.month), row) for row in rows]
        known = _known({month for month, _ in wanted})
        changed: list[MonthlyRevenue] = []
        gone: set[int] = set()
        cells: list[CellChange] = []
        created = 0
        for month, row in wanted:
            before = next((each for each in known[month] if each.product == row.product), None)
            after = self._after(row, before, month=month)
            others = [each for each in known[month] if self._replaces(row, each)]
            if not row.product and others and _is_sum(after, others):
                continue
            cells += [replaced(_name(row, each), "mrr", each.mrr) for each in others]
            gone.update(each.pk for each in others)
            created += before is None
            if before is None or _values(after) != _values(before):
                changed.append(after)
                cells += _changes(row, before, after)
        write = partial(_write, changed, gone)
        touches = [_rows({month for month, _ in wanted})] if changed or gone else []
        updated, unchanged = len(changed) - created, len(rows) - len(changed)
        return Plan(created, updated, unchanged, write, cells, touches)

    @property
    def _has_products(self) -> bool:
        return "product" in self.given

    def _after(
        self, row: RevenueRow, before: MonthlyRevenue | None, *, month: Month
    ) -> MonthlyRevenue:
        after = MonthlyRevenue(customer_id=month[0], month=month[1], product=row.product)
        for field in FIELDS:
            source: Any = row if before is None or field in self.given else before
            setattr(after, field, getattr(source, field))
        return after

    def _replaces(self, row: RevenueRow, known: MonthlyRevenue) -> bool:
        is_split = (row.customer_id, row.month) in (self._split or ())
        if not (self._has_products or is_split):
            return bool(known.product)
        return not known.product and (row.customer_id, row.month) not in self._remainders


def _known(wanted: Collection[Month]) -> dict[Month, list[MonthlyRevenue]]:
    known = defaultdict(list)
    for row in _rows(wanted):
        known[row.customer_id, row.month].append(row)
    return known


def _rows(wanted: Collection[Month]) -> QuerySet[MonthlyRevenue]:
    """A file is in the order of customers or of months, so these two lists are short together."""
    return MonthlyRevenue.objects.filter(
        customer__in={customer for customer, _ in wanted}, month__in={month for _, month in wanted}
    )


def _is_sum(whole: MonthlyRevenue, products: Sequence[MonthlyRevenue]) -> bool:
    currencies = {each.currency for each in products}
    return currencies == {whole.currency} and sum(each.mrr for each in products) == whole.mrr


def _values(revenue: MonthlyRevenue) -> tuple[object, ...]:
    return tuple(getattr(revenue, field) for field in FIELDS)


def _changes(
    row: RevenueRow, before: MonthlyRevenue | None, after: MonthlyRevenue
) -> list[CellChange]:
    if before is None:
        return []
    known, given = (dict(zip(FIELDS, _values(each), strict=True)) for each in (before, after))
    return cell_changes(_name(row, after), before=known, after=given)


def _name(row: RevenueRow, of: MonthlyRevenue) -> str:
    return f"{row.customer_id} {of.month:%Y-%m} {of.product}".rstrip()


def _write(changed: Sequence[MonthlyRevenue], gone: Collection[int]) -> None:
    MonthlyRevenue.objects.filter(pk__in=gone).delete()
    upsert(changed, unique=["customer", "month", "product"], update=FIELDS)
