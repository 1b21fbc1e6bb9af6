"""Where customers stand in the touch table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from accounts.models import Customer, CustomerTerms, CustomerVersion
from accounts.queries.money.revenue import mrr_known_on, with_numbers
from accounts.queries.values import values_in
from actions.domain.playbooks.touch import MOST_SIZES, RANKS, Basis, Size, cell_of, size_of
from actions.models import TouchTable
from analytics.queries.health.standing import Standing


def touch_table() -> TouchTable | None:
    return TouchTable.objects.select_related("dimension").first()


def sizes_in(table: TouchTable, *, today: dt.date) -> list[str]:
    """The rows of the table, the smallest first; those of a segment as they occur."""
    if table.dimension is None:
        return list(Size)
    found = [each.text for each in values_in(table.dimension, day=today) if each.text]
    # What customers had when the table was saved keeps its row.
    said = [key.partition(":")[2] for key in table.cells]
    return list(dict.fromkeys([*found, *said]))[:MOST_SIZES]


def cells_in(sizes: Iterable[str]) -> list[str]:
    return [cell_of(size, rank) for size in sizes for rank in RANKS]


def sizes_on(table: TouchTable, customers: Collection[int], *, on: dt.date) -> dict[int, str]:
    """By customer; whose size is not known is not in it."""
    if table.dimension is not None:
        found = _segments(table, customers, on=on)
    else:
        amounts = _seats(customers, on=on) if table.basis == Basis.SEATS else _mrr(customers, on=on)
        limits = {"medium_from": table.medium_from, "large_from": table.large_from}
        found = {pk: size_of(amount, **limits) for pk, amount in amounts.items()}
    return {pk: size for pk, size in found.items() if size}


def _mrr(customers: Collection[int], *, on: dt.date) -> dict[int, Decimal]:
    known = mrr_known_on(customers, day=on)
    return {pk: Decimal(text) for pk, text in known.items() if pk is not None}


def _seats(customers: Collection[int], *, on: dt.date) -> dict[int, Decimal | None]:
    rows = CustomerTerms.objects.filter(customer__in=customers, known_from__lte=on)
    # The last one of each customer is what was known.
    terms = dict(rows.order_by("customer", "known_from").values_list("customer_id", "seats"))
    return {pk: None if seats is None else Decimal(seats) for pk, seats in terms.items()}


def _segments(table: TouchTable, customers: Collection[int], *, on: dt.date) -> dict[int, str]:
    dimension = table.dimension
    if dimension is None:
        return {}
    rows = CustomerVersion.objects.filter(customer__in=customers, known_from__lte=on)
    order = rows.order_by("customer", "known_from")
    known = dict(order.values_list("customer_id", "attributes"))
    if dimension.reads_mrr or dimension.reads_tenure:
        nobodys: dict[int, dict[str, object]] = {pk: {} for pk in customers}
        known = with_numbers(nobodys | known, dimensions=[dimension], day=on)
    definition = dimension.definition
    return {pk: definition.value(attributes) for pk, attributes in known.items()}


def cells_of(table: TouchTable, health: Mapping[int, Standing], *, on: dt.date) -> dict[int, str]:
    """Who has no known size or band is in no cell."""
    sizes = sizes_on(table, health, on=on)
    found = {pk: cell_of(sizes.get(pk, ""), each.rank) for pk, each in health.items()}
    return {pk: cell for pk, cell in found.items() if cell}


def touches(health: Mapping[int, Standing], *, today: dt.date) -> dict[int, str]:
    """As the table says; without a table as the band of the customer's formula does."""
    table = touch_table()
    if table is None:
        found = {pk: each.touch for pk, each in health.items()}
    else:
        cells = cells_of(table, health, on=today)
        found = {pk: table.cells.get(cell, "") for pk, cell in cells.items()}
    return {pk: touch for pk, touch in found.items() if touch}


def suggested_limits(basis: str, *, today: dt.date) -> tuple[Decimal, Decimal] | None:
    """Where a third of the active customers is below, and above; None where that says nothing."""
    active = Customer.objects.active_on(today).values_list("pk", flat=True)
    found = _seats(list(active), on=today) if basis == Basis.SEATS else _mrr(active, on=today)
    known = sorted(each for each in found.values() if each)
    if len(known) < len(Size):
        return None
    limits = known[len(known) // 3], known[len(known) * 2 // 3]
    return limits if limits[0] < limits[1] else None
