"""Rows of imported files as tests read them: the row, or the sentence that refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from accounts.domain.imports.cells.texts import Cell
from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.rows import RowError, RowReader, read_header

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def required(kind: FileKind) -> list[str]:
    return [name for name, column in columns(kind).items() if column.required]


def optional(kind: FileKind) -> list[str]:
    return [name for name in columns(kind) if name not in required(kind)]


def read(kind: FileKind, names: str, values: Sequence[Cell]) -> object:
    header = read_header(names.split(","), kind=kind)
    assert isinstance(header, tuple)
    return RowReader(header, kind=kind, zone=TOKYO, now=NOW).read(values, line=7)


def refusal(kind: FileKind, names: str, values: Sequence[Cell]) -> str:
    result = read(kind, names, values)
    assert isinstance(result, RowError)
    return str(result)
