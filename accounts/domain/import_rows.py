"""The four files of the public contract: their columns, and one row to one checked value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from accounts.domain import import_cells as cells
from accounts.domain.import_cells import Cell
from accounts.domain.mail_key import clean_address, mail_key
from accounts.domain.reasons import Reason, ReasonCode, Refused, reason
from accounts.domain.segments import SegmentError, dimension_name

Value = TypeVar("Value")


class FileKind(StrEnum):
    CUSTOMERS = "customers"
    RESPONDENTS = "respondents"
    REVENUE = "revenue"
    RESPONSES = "responses"


@dataclass(frozen=True, slots=True)
class Columns:
    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self.required + self.optional)


COLUMNS: dict[FileKind, Columns] = {
    FileKind.CUSTOMERS: Columns(
        ("customer_id",), ("name", "started_on", "churned_on", "owner_email")
    ),
    FileKind.RESPONDENTS: Columns(
        ("email", "customer_id"), ("name", "role", "language", "time_zone")
    ),
    FileKind.REVENUE: Columns(("customer_id", "month", "mrr"), ("currency",)),
    FileKind.RESPONSES: Columns(
        ("email", "score", "answered_at"),
        ("customer_id", "comment", "language", "campaign", "invited_at", "response_id"),
    ),
}


@dataclass(frozen=True, slots=True)
class RowError:
    line: int
    field: str
    reason: Reason

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CustomerRow:
    customer_id: str
    name: str
    started_on: date | None
    churned_on: date | None
    owner_email: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class RespondentRow:
    email: str
    mail_key: str
    customer_id: str
    name: str
    role: str
    language: str
    time_zone: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class RevenueRow:
    customer_id: str
    month: date
    mrr: Decimal
    currency: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class ResponseRow:
    email: str
    mail_key: str
    score: int
    answered_at: datetime
    customer_id: str
    comment: str
    language: str
    campaign: str
    invited_at: datetime | None
    response_id: str
    attributes: dict[str, str]


ImportRow = CustomerRow | RespondentRow | RevenueRow | ResponseRow


# Each becomes an attribute of every row, and mostly a filter on the pages.
FURTHER_COLUMNS = 100
LONGEST_HEADER = 200


def read_header(headers: Sequence[Cell], *, kind: FileKind) -> tuple[str, ...] | list[RowError]:
    """Column names in snake case, or all that is wrong with line 1. A nameless column is ""."""
    names: list[str] = []
    seen: set[str] = set()
    errors: list[RowError] = []
    for number, header in enumerate(headers, start=1):
        text = cells.as_text(header)
        if len(text) > LONGEST_HEADER:
            why = reason(ReasonCode.TOO_LONG, length=len(text), limit=LONGEST_HEADER)
            errors.append(RowError(1, f"column {number}", why))
            continue
        try:
            name = dimension_name(text) if text else ""
        except SegmentError as fault:
            errors.append(RowError(1, text, fault.reason))
            continue
        if name in seen:
            errors.append(RowError(1, name, reason(ReasonCode.COLUMN_TWICE)))
        if name:
            seen.add(name)
        names.append(name)
    further = len(seen - COLUMNS[kind].known)
    if further > FURTHER_COLUMNS:
        why = reason(ReasonCode.COLUMNS_TOO_MANY, count=str(further), limit=str(FURTHER_COLUMNS))
        errors.append(RowError(1, "columns", why))
    missing = (column for column in COLUMNS[kind].required if column not in names)
    errors.extend(RowError(1, column, reason(ReasonCode.COLUMN_MISSING)) for column in missing)
    return errors or tuple(names)


def read_row(
    values: Sequence[Cell],
    *,
    kind: FileKind,
    header: Sequence[str],
    line: int,
    zone: tzinfo,
    now: datetime,
) -> ImportRow | RowError:
    """One row checked: `zone` is the organisation's, `now` the moment of the import."""
    padded = (*values, *(None for _ in header[len(values) :]))
    row = _Row(line, dict(zip(header, padded, strict=False)), zone, now)
    try:
        row.refuse_nameless(values, header=header)
        return _ROW_READERS[kind](row)
    except _FieldRefused as fault:
        return RowError(line, fault.field, fault.reason)


class _FieldRefused(Exception):
    def __init__(self, field: str, why: Reason) -> None:
        super().__init__(field)
        self.field = field
        self.reason = why


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, Cell]
    zone: tzinfo
    now: datetime

    def take(self, field: str, read: Callable[[Cell], Value]) -> Value:
        try:
            return read(self.cells.get(field))
        except Refused as fault:
            raise _FieldRefused(field, fault.reason) from fault

    def text(self, field: str) -> str:
        return self.take(field, cells.read_text)

    def needed(self, field: str) -> str:
        return self.take(field, lambda cell: cells.read_text(cell, required=True))

    def moment(self, field: str) -> datetime | None:
        return self.take(field, lambda cell: cells.read_moment(cell, zone=self.zone, now=self.now))

    def attributes(self, kind: FileKind) -> dict[str, str]:
        known = COLUMNS[kind].known
        extra = (name for name in self.cells if name and name not in known)
        return {name: self.text(name) for name in extra}

    def refuse_nameless(self, values: Sequence[Cell], *, header: Sequence[str]) -> None:
        if len(values) == len(header) and "" not in header:
            return
        for number, value in enumerate(values, start=1):
            named = number <= len(header) and header[number - 1]
            if not named and cells.as_text(value):
                why = reason(ReasonCode.COLUMN_UNNAMED, number=number)
                raise _FieldRefused(f"column {number}", why)


def _address(cell: Cell) -> str:
    return clean_address(cells.as_text(cell))


def _optional_address(cell: Cell) -> str:
    return _address(cell) if cells.as_text(cell) else ""


def _customer(row: _Row) -> CustomerRow:
    started_on = row.take("started_on", cells.read_date)
    churned_on = row.take("churned_on", cells.read_date)
    customer = CustomerRow(
        customer_id=row.needed("customer_id"),
        name=row.text("name"),
        started_on=started_on,
        churned_on=churned_on,
        owner_email=row.take("owner_email", _optional_address),
        attributes=row.attributes(FileKind.CUSTOMERS),
    )
    if started_on and churned_on and churned_on < started_on:
        why = reason(
            ReasonCode.CHURNED_BEFORE_STARTED, churned_on=churned_on, started_on=started_on
        )
        raise _FieldRefused("churned_on", why)
    return customer


def _respondent(row: _Row) -> RespondentRow:
    email = row.take("email", _address)
    return RespondentRow(
        email=email,
        mail_key=mail_key(email),
        customer_id=row.needed("customer_id"),
        name=row.text("name"),
        role=row.text("role"),
        language=row.take("language", cells.read_language),
        time_zone=row.take("time_zone", cells.read_time_zone),
        attributes=row.attributes(FileKind.RESPONDENTS),
    )


def _revenue(row: _Row) -> RevenueRow:
    return RevenueRow(
        customer_id=row.needed("customer_id"),
        month=row.take("month", cells.read_month),
        mrr=row.take("mrr", cells.read_amount),
        currency=row.take("currency", cells.read_currency),
        attributes=row.attributes(FileKind.REVENUE),
    )


def _response(row: _Row) -> ResponseRow:
    email = row.take("email", _address)
    score = row.take("score", cells.read_score)
    answered_at = row.moment("answered_at")
    if answered_at is None:
        raise _FieldRefused("answered_at", reason(ReasonCode.EMPTY))
    invited_at = row.moment("invited_at")
    if invited_at is not None and invited_at > answered_at:
        raise _FieldRefused("invited_at", reason(ReasonCode.INVITED_AFTER_ANSWERED))
    return ResponseRow(
        email=email,
        mail_key=mail_key(email),
        score=score,
        answered_at=answered_at,
        customer_id=row.text("customer_id"),
        comment=row.take("comment", cells.read_comment),
        language=row.take("language", cells.read_language),
        campaign=row.text("campaign"),
        invited_at=invited_at,
        response_id=row.text("response_id"),
        attributes=row.attributes(FileKind.RESPONSES),
    )


_ROW_READERS: dict[FileKind, Callable[[_Row], ImportRow]] = {
    FileKind.CUSTOMERS: _customer,
    FileKind.RESPONDENTS: _respondent,
    FileKind.REVENUE: _revenue,
    FileKind.RESPONSES: _response,
}
