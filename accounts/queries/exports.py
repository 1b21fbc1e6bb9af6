"""What is known, in exactly the columns of an import: brought in again it changes nothing."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.domain.imports.cells.texts import as_cell
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


def exported_customers(ids: Sequence[int] | None = None) -> Iterator[Line]:
    """All, or those of the ids."""
    rows = Customer.objects.order_by("customer_id")
    known = _ids(rows) if ids is None else ids
    yield from _with_attributes(
        FileKind.CUSTOMERS, rows, known, lambda row, name: getattr(row, name)
    )


def exported_respondents(among: QuerySet[Respondent]) -> Iterator[Line]:
    """Without erased persons, and without those whose customer is not known."""
    rows = Respondent.objects.select_related("customer").order_by("pk")
    known = _ids(among.filter(customer__isnull=False).exclude(email="").order_by("pk"))
    yield from _with_attributes(FileKind.RESPONDENTS, rows, known, _of_respondent)


def in_turns(found: QuerySet[Any]) -> Iterator[Sequence[int]]:
    """The ids of so many rows at a time, in their order.

    A reader may be slow: no statement waits for them, and what they see first is not made to wait
    until the last row is joined.
    """
    return _turns(_ids(found))


def _ids(found: QuerySet[Any]) -> Sequence[int]:
    return array("q", found.values_list("pk", flat=True).iterator(chunk_size=20_000))


def _turns(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _read(rows: QuerySet[Any], ids: Sequence[int] | None = None) -> Iterator[Any]:
    for some in _turns(_ids(rows) if ids is None else ids):
        yield from rows.filter(pk__in=some)


def _of_respondent(row: Respondent, name: str) -> object:
    if name == "customer_id":
        return row.customer.customer_id if row.customer else ""
    return getattr(row, name)


def _revenue() -> Iterator[Line]:
    names = list(columns(FileKind.REVENUE))
    yield names
    rows = MonthlyRevenue.objects.order_by("customer__customer_id", "month", "product")
    fields = ("customer__customer_id", *names[1:])
    for customer, month, *values in _read(rows.values_list(*fields)):
        yield [customer, f"{month:%Y-%m}", *map(written, values)]


def _usage() -> Iterator[Line]:
    """In the long form. A sum of respondents' numbers follows from these.

    Their keys are several columns, so they are read in one go.
    """
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
    for row in _read(rows.values_list(*fields)):
        yield list(map(written, row))


EXPORTS: Mapping[FileKind, Callable[[], Iterator[Line]]] = {
    FileKind.CUSTOMERS: exported_customers,
    FileKind.RESPONDENTS: lambda: exported_respondents(Respondent.objects.all()),
    FileKind.REVENUE: _revenue,
    FileKind.USAGE: _usage,
    FileKind.EVENTS: _events,
}


def _with_attributes(
    kind: FileKind,
    rows: QuerySet[Any],
    ids: Sequence[int],
    value: Callable[[Any, str], object],
) -> Iterator[Line]:
    names = list(columns(kind))
    told = _read(rows.values_list("attributes", flat=True), ids)
    attributes = sorted({name for each in told for name in each} - set(names))
    yield [*names, *attributes]
    for row in _read(rows, ids):
        further = (row.attributes.get(name, "") for name in attributes)
        yield [*(written(value(row, name)) for name in names), *map(written, further)]


def written(value: object) -> str:
    """The cell that an import reads as this value."""
    return as_cell(in_text(value))


def in_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_number(value)
    return str(value)
