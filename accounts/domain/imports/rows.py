"""The header and the rows of an imported file, each row to one checked value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from accounts.domain.imports import cells
from accounts.domain.imports.cells import Cell
from accounts.domain.imports.declaration import Column
from accounts.domain.imports.fact_columns import EventRow, UsageRow
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

Read = Callable[[Any], Any]
# The place of a column that the file does not have.
ABSENT = 1 << 30
# Of each column, so that memory does not grow with the file.
SHORT, TEXTS_KEPT = 40, 30_000


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
# The columns that a file of usage has where each row holds one reading.
LONG_FORM = frozenset({"measure", "value"})


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
    errors.extend(_missing(seen, kind=kind))
    return errors or tuple(names)


def _missing(header: Collection[str], *, kind: FileKind) -> Iterator[RowError]:
    known = columns(kind)
    wide = is_wide(header, kind=kind)
    for name, column in known.items():
        if column.required and name not in header and not (wide and name in LONG_FORM):
            yield RowError(1, name, reason(ReasonCode.COLUMN_MISSING))


def is_wide(header: Collection[str], *, kind: FileKind) -> bool:
    """Whether a file of usage has a column for each measure."""
    if kind is not FileKind.USAGE or LONG_FORM.intersection(header):
        return False
    return not columns(kind).keys() >= {name for name in header if name}


class RowReader:
    """Reads the rows of one file: `zone` is the organisation's, `now` the moment of the import."""

    def __init__(
        self, header: Sequence[str], *, kind: FileKind, zone: tzinfo, now: datetime
    ) -> None:
        known, wide = columns(kind), is_wide(header, kind=kind)
        places = {name: place for place, name in enumerate(header) if name}
        self._row = ROWS[kind]
        self._header = header
        self._is_named = "" not in header
        self._today = now.astimezone(zone).date()
        self._unused: dict[str, Any] = dict.fromkeys(LONG_FORM) if wide else {}
        self._fields = [
            (name, places.get(name, ABSENT), _once(_reader(column, zone=zone, now=now)))
            for name, column in known.items()
            if name not in self._unused
        ]
        further = _once(cells.optional_number if wide else cells.read_text)
        self._further = [
            (name, place, further)
            for name, place in places.items()
            if name not in known or known[name].is_attribute
        ]
        self._mail_key = _once(mail_key) if "email" in known else None

    def read(self, values: Sequence[Cell], *, line: int) -> ImportRow | RowError:
        try:
            self._refuse_nameless(values)
            found = self._unused | self._taken(values, self._fields)
            if self._mail_key is not None:
                found["mail_key"] = self._mail_key(found["email"]) if found["email"] else ""
            attributes = self._taken(values, self._further)
            return _checked(self._row(**found, attributes=attributes), today=self._today)
        except _FieldRefused as fault:
            return RowError(line, fault.field, fault.reason)

    def _taken(
        self, values: Sequence[Cell], fields: Sequence[tuple[str, int, Read]]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        width = len(values)
        for name, place, read in fields:
            try:
                found[name] = read(values[place] if place < width else None)
            except Refused as fault:
                raise _FieldRefused(name, fault.reason) from fault
        return found

    def _refuse_nameless(self, values: Sequence[Cell]) -> None:
        header = self._header
        if self._is_named and len(values) == len(header):
            return
        for number, value in enumerate(values, start=1):
            named = number <= len(header) and header[number - 1]
            if not named and cells.as_text(value):
                why = reason(ReasonCode.COLUMN_UNNAMED, number=number)
                raise _FieldRefused(f"column {number}", why)


def _reader(column: Column, *, zone: tzinfo, now: datetime) -> Read:
    return partial(column.read, zone=zone, now=now) if column.is_moment else column.read


class _Texts(dict[str | None, Any]):
    """What a short text says is worked out once: a million rows have few different days and names,
    and that is what lets them in within a minute."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        value = self._read(cell)
        if cell is None or (type(cell) is str and len(cell) <= SHORT and len(self) < TEXTS_KEPT):
            self[cell] = value
        return value


def _once(read: Read) -> Read:
    return _Texts(read).__getitem__


class _FieldRefused(Exception):
    def __init__(self, field: str, why: Reason) -> None:
        super().__init__(field)
        self.field = field
        self.reason = why


def _checked(row: ImportRow, *, today: date) -> ImportRow:
    """What the fields of one row say together, and on the day of the import."""
    match row:
        case UsageRow(day=day) if day > today:
            raise _FieldRefused("day", reason(ReasonCode.DATE_FUTURE, value=day))
        case EventRow(at=None):
            raise _FieldRefused("at", reason(ReasonCode.EMPTY))
        case CustomerRow(started_on=start, churned_on=end) if start and end and end < start:
            why = reason(ReasonCode.CHURNED_BEFORE_STARTED, churned_on=end, started_on=start)
            raise _FieldRefused("churned_on", why)
        case ResponseRow(answered_at=None):
            raise _FieldRefused("answered_at", reason(ReasonCode.EMPTY))
        case ResponseRow(answered_at=answer, invited_at=asked) if asked and asked > answer:
            raise _FieldRefused("invited_at", reason(ReasonCode.INVITED_AFTER_ANSWERED))
    return row
