"""What is known, in exactly the columns of an import: brought in again it changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from accounts.domain.imports.file_columns import FileKind, columns
from accounts.models import (
    Customer,
    Event,
    MonthlyRevenue,
    Reading,
    Respondent,
    RespondentReading,
)
from common.text import plain_number

CHUNK = 2000
Line = list[str]


def exported(kind: FileKind) -> Iterator[Line]:
    """The header, then the rows as texts, read as they are asked for."""
    yield from EXPORTS[kind]()


def _customers() -> Iterator[Line]:
    rows = Customer.objects.order_by("customer_id")
    yield from _with_attributes(FileKind.CUSTOMERS, rows, lambda row, name: getattr(row, name))


def _respondents() -> Iterator[Line]:
    """Without erased persons, and without those whose customer is not known."""
    rows = Respondent.objects.filter(customer__isnull=False).exclude(email="")
    yield from _with_attributes(
        FileKind.RESPONDENTS, rows.select_related("customer").order_by("pk"), _of_respondent
    )


def _of_respondent(row: Respondent, name: str) -> object:
    if name == "customer_id":
        return row.customer.customer_id if row.customer else ""
    return getattr(row, name)


def _revenue() -> Iterator[Line]:
    names = list(columns(FileKind.REVENUE))
    yield names
    rows = MonthlyRevenue.objects.order_by("customer__customer_id", "month", "product")
    fields = ("customer__customer_id", *names[1:])
    for customer, month, *values in rows.values_list(*fields).iterator(chunk_size=CHUNK):
        yield [customer, f"{month:%Y-%m}", *map(written, values)]


def _usage() -> Iterator[Line]:
    """In the long form. A sum of respondents' numbers follows from these."""
    yield list(columns(FileKind.USAGE))
    own = Reading.objects.filter(is_sum=False).order_by("measure", "day", "customer")
    names = ("customer__customer_id", "day", "measure__key", "value")
    for row in own.values_list(*names).iterator(chunk_size=CHUNK):
        yield [*map(written, row), ""]
    theirs = RespondentReading.objects.order_by("measure", "day", "respondent")
    fields = (
        "respondent__customer__customer_id", "day", "measure__key", "value", "respondent__email",
    )  # fmt: skip
    for row in theirs.values_list(*fields).iterator(chunk_size=CHUNK):
        yield list(map(written, row))


def _events() -> Iterator[Line]:
    """Without those that nothing but an erased address tells from others."""
    names = list(columns(FileKind.EVENTS))
    yield names
    rows = Event.objects.exclude(ref="", mail_key__startswith="erased:").order_by("at", "pk")
    fields = ("customer__customer_id", *names[1:])
    for row in rows.values_list(*fields).iterator(chunk_size=CHUNK):
        yield list(map(written, row))


EXPORTS: Mapping[FileKind, Callable[[], Iterator[Line]]] = {
    FileKind.CUSTOMERS: _customers,
    FileKind.RESPONDENTS: _respondents,
    FileKind.REVENUE: _revenue,
    FileKind.USAGE: _usage,
    FileKind.EVENTS: _events,
}


def _with_attributes(
    kind: FileKind, rows: Any, value: Callable[[Any, str], object]
) -> Iterator[Line]:
    names = list(columns(kind))
    attributes = sorted(_names(rows.values_list("attributes", flat=True)) - set(names))
    yield [*names, *attributes]
    for row in rows.iterator(chunk_size=CHUNK):
        further = (row.attributes.get(name, "") for name in attributes)
        yield [*(written(value(row, name)) for name in names), *map(written, further)]


def _names(rows: Any) -> set[str]:
    found: Iterable[Mapping[str, object]] = rows.iterator(chunk_size=CHUNK)
    return {name for attributes in found for name in attributes}


def written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_number(value)
    return str(value)
