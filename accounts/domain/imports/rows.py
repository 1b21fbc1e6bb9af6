"""The header and the rows of an imported file, each row to one checked value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, TypeVar

from accounts.domain.imports import cells
from accounts.domain.imports.cells import Cell
from accounts.domain.imports.declaration import Column
from accounts.domain.imports.file_columns import (
    ROWS,
    CustomerRow,
    FileKind,
    ImportRow,
    ResponseRow,
    columns,
)
from accounts.domain.mail_key import mail_key
from accounts.domain.reasons import Reason, ReasonCode, Refused, reason
from accounts.domain.segments import SegmentError, dimension_name

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RowError:
    line: int
    field: str
    reason: Reason

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.reason}"


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
    known = columns(kind)
    further = len(seen - known.keys())
    if further > FURTHER_COLUMNS:
        why = reason(ReasonCode.COLUMNS_TOO_MANY, count=str(further), limit=str(FURTHER_COLUMNS))
        errors.append(RowError(1, "columns", why))
    missing = (name for name, column in known.items() if column.required and name not in seen)
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
        return row.to(kind)
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

    def column(self, name: str, column: Column) -> Any:
        if column.is_moment:
            return self.take(name, partial(column.read, zone=self.zone, now=self.now))
        return self.take(name, column.read)

    def to(self, kind: FileKind) -> ImportRow:
        known = columns(kind)
        values = {name: self.column(name, column) for name, column in known.items()}
        if "email" in values:
            values["mail_key"] = mail_key(values["email"])
        extra = (name for name in self.cells if name and name not in known)
        attributes = {name: self.take(name, cells.read_text) for name in extra}
        return _checked(ROWS[kind](**values, attributes=attributes))

    def refuse_nameless(self, values: Sequence[Cell], *, header: Sequence[str]) -> None:
        if len(values) == len(header) and "" not in header:
            return
        for number, value in enumerate(values, start=1):
            named = number <= len(header) and header[number - 1]
            if not named and cells.as_text(value):
                why = reason(ReasonCode.COLUMN_UNNAMED, number=number)
                raise _FieldRefused(f"column {number}", why)


def _checked(row: ImportRow) -> ImportRow:
    """What the fields of one row say together."""
    match row:
        case CustomerRow(started_on=start, churned_on=end) if start and end and end < start:
            why = reason(ReasonCode.CHURNED_BEFORE_STARTED, churned_on=end, started_on=start)
            raise _FieldRefused("churned_on", why)
        case ResponseRow(answered_at=None):
            raise _FieldRefused("answered_at", reason(ReasonCode.EMPTY))
        case ResponseRow(answered_at=answer, invited_at=asked) if asked and asked > answer:
            raise _FieldRefused("invited_at", reason(ReasonCode.INVITED_AFTER_ANSWERED))
    return row
