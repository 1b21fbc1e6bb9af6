"""The header and the rows of an imported file, each row to one checked value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from accounts.domain.imports.cells import numbers
from accounts.domain.imports.cells import values as cells
from accounts.domain.imports.cells.texts import Cell, as_text, refuse_broken
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
from accounts.domain.imports.headers import FAMILY, GIVEN, key_of
from accounts.domain.imports.mapping import (
    ATTRIBUTE,
    LEFT_OUT,
    Match,
    attribute_name,
    likely_kind,
    matches,
    missing,
)
from accounts.domain.mail_key import mail_key
from accounts.domain.reasons import Reason, ReasonCode, Refused, reason
from accounts.domain.segments import SegmentError

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
LONGEST_HEADER = 500
SHOWN_HEADERS = 30
NO_FIELD = f"field {ATTRIBUTE}"
# The columns that a file of usage has where each row holds one reading.
LONG_FORM = frozenset({"measure", "value"})


def read_header(
    headers: Sequence[Cell],
    *,
    kind: FileKind,
    line: int = 1,
    chosen: Mapping[str, str] | None = None,
    attributes: Collection[str] = (),
) -> tuple[str, ...] | list[RowError]:
    """The names that the columns are read by, or all that is wrong with the header.

    A nameless column is "". See `accounts.domain.imports.mapping.matches`.
    """
    errors = list(_unfit(headers, line=line))
    if errors:
        return errors
    found = matches(headers, kind, chosen=chosen, attributes=attributes)
    further = sum(match.field == ATTRIBUTE for match in found)
    if further > FURTHER_COLUMNS:
        why = reason(ReasonCode.COLUMNS_TOO_MANY, count=str(further), limit=str(FURTHER_COLUMNS))
        return [RowError(line, "columns", why)]
    if other := likely_kind(headers, kind, said=bool(chosen)):
        return [RowError(line, "columns", reason(ReasonCode.FILE_OTHER_KIND, kind=other))]
    names = tuple(match.name for match in found)
    errors.extend(_twice(found, line=line))
    errors.extend(_not_there(headers, chosen or {}, line=line))
    why = reason(ReasonCode.COLUMN_MISSING, found=_listed(headers))
    errors.extend(RowError(line, name, why) for name in lacking(names, kind))
    return errors or names


def lacking(names: Collection[str], kind: FileKind) -> list[str]:
    """The columns that a file must have and has not."""
    wide = is_wide(names, kind=kind)
    return [name for name in missing(names, kind) if not (wide and name in LONG_FORM)]


def _unfit(headers: Sequence[Cell], *, line: int) -> Iterator[RowError]:
    """Headers that can be no names: a word is no more than a few, a question is a line."""
    for number, header in enumerate(headers, start=1):
        text = as_text(header)
        if len(text) > LONGEST_HEADER:
            why = reason(ReasonCode.TOO_LONG, length=len(text), limit=LONGEST_HEADER)
            yield RowError(line, f"column {number}", why)
        elif text:
            try:
                attribute_name(text)
            except SegmentError as fault:
                yield RowError(line, text, fault.reason)


def _twice(found: Sequence[Match], *, line: int) -> Iterator[RowError]:
    seen: set[str] = set()
    for match in found:
        # Two columns that were said to be one, or that nobody can tell apart.
        keys = {f"header {key_of(match.header)}", f"field {match.field}"} - {NO_FIELD}
        if match.header and match.field != LEFT_OUT:
            if keys & seen:
                yield RowError(line, match.header, reason(ReasonCode.COLUMN_TWICE))
            seen |= keys


def _not_there(
    headers: Sequence[Cell], chosen: Mapping[str, str], *, line: int
) -> Iterator[RowError]:
    keys = {key_of(as_text(header)) for header in headers}
    for header, field in chosen.items():
        if key_of(header) not in keys:
            why = reason(ReasonCode.COLUMN_NOT_THERE, value=header, found=_listed(headers))
            yield RowError(line, field, why)


def _listed(headers: Sequence[Cell]) -> str:
    texts = [text for header in headers if (text := as_text(header))]
    rest = "" if len(texts) <= SHOWN_HEADERS else " …"
    return ", ".join(texts[:SHOWN_HEADERS]) + rest


def is_wide(header: Collection[str], *, kind: FileKind) -> bool:
    """Whether a file of usage has a column for each measure."""
    if kind is not FileKind.USAGE or LONG_FORM.intersection(header):
        return False
    return not columns(kind).keys() >= {name for name in header if name}


def given_fields(header: Collection[str], kind: FileKind) -> frozenset[str]:
    """The fields that a file says something of, be it in two columns."""
    names = frozenset(header)
    halves = {"name"} if names & {FAMILY, GIVEN} else set()
    return (names | halves) & columns(kind).keys()


class RowReader:
    """Reads the rows of one file: `zone` is the organisation's, `now` the moment of the import."""

    def __init__(
        self, header: Sequence[str], *, kind: FileKind, zone: tzinfo, now: datetime
    ) -> None:
        known, wide = columns(kind), is_wide(header, kind=kind)
        places = {name: place for place, name in enumerate(header) if name and name != LEFT_OUT}
        self._halves = [places.pop(half, ABSENT) for half in (FAMILY, GIVEN)]
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
        further = _once(numbers.optional_number if wide else cells.read_word)
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
            if min(self._halves) < ABSENT:
                found["name"] = self._name(values)
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

    def _name(self, values: Sequence[Cell]) -> str:
        """Of two columns, in the order of its language."""
        pair = zip(("family_name", "given_name"), self._halves, strict=True)
        halves = self._taken(values, [(name, place, cells.read_text) for name, place in pair])
        texts = [text for text in halves.values() if text]
        return cells.read_text(" ".join(reversed(texts) if "".join(texts).isascii() else texts))

    def _refuse_nameless(self, values: Sequence[Cell]) -> None:
        header = self._header
        if self._is_named and len(values) == len(header):
            return
        for number, value in enumerate(values, start=1):
            named = number <= len(header) and header[number - 1]
            if not named and as_text(value):
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
        refuse_broken(cell)
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
