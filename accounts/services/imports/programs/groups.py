"""Rows as programs send them, each with names of its own: those with the same names are a file.

A name that a row does not have is kept as it is, and one that is null is emptied, as a column of a
file that is not there or empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils import timezone

from accounts.domain.imports.cells.texts import Cell, as_cell
from accounts.domain.imports.file_columns import FileKind, ImportRow, columns
from accounts.domain.imports.rows import FURTHER_COLUMNS, RowError, RowReader
from accounts.domain.reasons import ReasonCode, reason
from accounts.domain.segments import SegmentError, dimension_name
from accounts.services.imports.dimensions import (
    Distinct,
    columns_to_count,
    register_dimensions,
    register_tenure,
)
from accounts.services.imports.facts import record_facts
from accounts.services.imports.kinds.base import Importer
from accounts.services.imports.kinds.registry import importer_for

T = TypeVar("T")
Given = Mapping[str, Any]
# Whose facts wait until somebody names the customer.
WAITS = frozenset({FileKind.USAGE, FileKind.EVENTS, FileKind.REVENUE})
ATTRIBUTES = "attributes"
ROWS = 1000
Header = tuple[str, ...]


@dataclass
class Group:
    """The rows of one header, as they are read and checked."""

    kind: FileKind
    header: Header
    importer: Importer[ImportRow]
    cells: dict[int, Sequence[Cell]] = field(default_factory=dict)
    good: list[tuple[int, ImportRow]] = field(default_factory=list)
    # Of customers that are not known.
    waiting: list[tuple[int, ImportRow]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def group_of(kind: FileKind, header: Header, *, now: dt.datetime) -> Group:
    return Group(kind, header, importer_for(kind)(header=header, now=now))


def grouped(
    kind: FileKind, rows: Sequence[Given], *, now: dt.datetime
) -> tuple[list[Group], list[RowError]]:
    """The groups, unread, and the errors of rows whose names cannot be."""
    groups: dict[Header, Group] = {}
    errors: list[RowError] = []
    for line, given in enumerate(rows, start=1):
        try:
            named = _named(given, kind)
        except SegmentError as fault:
            errors.append(RowError(line, ATTRIBUTES, fault.reason))
            continue
        if named is None:
            errors.append(RowError(line, ATTRIBUTES, reason(ReasonCode.COLUMN_TWICE)))
            continue
        header = tuple(named)
        if header not in groups:
            groups[header] = group_of(kind, header, now=now)
        groups[header].cells[line] = tuple(named.values())
    found = list(groups.values())
    for group in found[1:]:
        group.importer.join(found[0].importer)
    return found, errors


def _named(given: Given, kind: FileKind) -> dict[str, Cell] | None:
    """In the order of the columns; None where an attribute has the name of another one."""
    found = {name: _cell(given[name]) for name in columns(kind) if name in given}
    attributes = (given.get(ATTRIBUTES) or {}).items()
    further = {dimension_name(name): _cell(value) for name, value in attributes}
    if len(further) < len(given.get(ATTRIBUTES) or {}) or further.keys() & columns(kind).keys():
        return None
    return found | dict(sorted(further.items()))


def _cell(value: Any) -> Cell:
    """As it was sent: nothing around a text is a spreadsheet's."""
    cell: Cell = as_cell(value) if isinstance(value, str) else value
    return cell


def read(group: Group, *, now: dt.datetime, seen: dict[Any, tuple[int, object]]) -> None:
    """Sorts the rows into those to bring in, those that wait, and errors."""
    zone = timezone.get_default_timezone()
    reader = RowReader(group.header, kind=group.kind, zone=zone, now=now)
    rows: list[tuple[int, ImportRow]] = []
    for line, cells in group.cells.items():
        row = reader.read(cells, line=line)
        if isinstance(row, RowError):
            group.errors.append(row)
        elif not _is_repeated(group, line, row, cells, seen):
            rows.append((line, row))
    if len(group.header) > FURTHER_COLUMNS + len(columns(group.kind)):
        count = str(len(group.header))
        why = reason(ReasonCode.COLUMNS_TOO_MANY, count=count, limit=str(FURTHER_COLUMNS))
        group.errors += [RowError(line, ATTRIBUTES, why) for line, _ in rows]
        return
    _sort(group, rows)


def _sort(group: Group, rows: Sequence[tuple[int, ImportRow]]) -> None:
    found: dict[int, list[RowError]] = {}
    for error in group.importer.check(rows):
        found.setdefault(error.line, []).append(error)
    for line, row in rows:
        errors = found.get(line, [])
        if not errors:
            group.good.append((line, row))
        elif group.kind in WAITS and all(_is_of_nobody(each) for each in errors):
            group.waiting.append((line, row))
        else:
            group.errors += errors[:1]


def _is_of_nobody(error: RowError) -> bool:
    return error.reason.code == ReasonCode.CUSTOMER_UNKNOWN


def _is_repeated(
    group: Group,
    line: int,
    row: ImportRow,
    cells: Sequence[Cell],
    seen: dict[Any, tuple[int, object]],
) -> bool:
    """Said twice in the same way it is once; in another way nobody knows which holds."""
    name, key = group.importer.key(row)
    content = (group.header, tuple(cells))
    first = seen.setdefault(key, (line, content))
    if first[0] == line:
        return False
    if first[1] != content:
        why = reason(ReasonCode.ROW_TWICE, line=first[0])
        group.errors.append(RowError(line, name, why))
    return True


def write(group: Group, *, now: dt.datetime) -> tuple[int, int]:
    """What is good; how many were made and how many changed."""
    created = updated = 0
    importer, rows = group.importer, [row for _, row in group.good]
    if not rows:
        return created, updated
    if names := columns_to_count(importer, group.header):
        counted = Distinct(names)
        for row in filter(importer.tells_attributes, rows):
            counted.add(row)
        register_dimensions(importer, counted, titles={name: name for name in names})
    register_tenure(importer)
    for part in in_parts(rows):
        plan = importer.plan(part)
        plan.write()
        created += plan.created
        updated += plan.updated
    importer.finish()
    record_facts(importer.facts(), on=timezone.localdate(now))
    return created, updated


def in_parts(rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
