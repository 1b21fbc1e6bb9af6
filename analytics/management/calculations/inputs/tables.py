"""Tables that `calculate` reads: CSV, XLSX or JSON, from a file or from standard input.

What is wrong is told with its row, its column and what to write instead, up to MOST_SAID of it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError

from accounts.domain.imports.cells.texts import as_text
from accounts.services.imports.reading.files import FileRefused
from accounts.services.imports.reading.tables import open_table
from analytics.domain.statistics.interval import Floats
from analytics.management.calculations.inputs.values import Wrong, count

STANDARD_INPUT = "-"
MOST_ROWS = 200_000
MOST_BYTES = 20 * 1024 * 1024
MOST_SAID = 20
# Row by row: what to call its place, and its texts by column.
Rows = Iterator[tuple[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    read: Callable[[str], Any]
    help: str
    # What an empty cell stands for; without it every row needs one.
    default: Any = ...
    # Whether the table may be without it: then all its cells are empty.
    optional: bool = False


# So that a table may hold how often each row occurred.
COUNT = Column("count", count, "so many rows like this one", default=1, optional=True)


@dataclass(frozen=True, slots=True)
class Table:
    rows: Sequence[Mapping[str, Any]]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    def numbers(self, name: str) -> Floats:
        return np.array(self.column(name), dtype=np.float64)


def read_table(source: str, columns: Sequence[Column]) -> Table:
    """Columns that are not asked for are passed over; a row with a `count` stands so many times."""
    with _opened(source) as (header, rows):
        _check_header(source, header, columns)
        found = _read(source, rows, columns)
    if not found:
        raise CommandError(f"{source}: the columns {_needed(columns)} and a row below, please.")
    return Table(found)


def header_of(source: str) -> list[str]:
    with _opened(source) as (header, _):
        return list(header)


@contextmanager
def kept(source: str) -> Iterator[str]:
    """A file that can be read more than once, also where it comes from standard input."""
    if source != STANDARD_INPUT:
        _check_size(source)
        yield source
        return
    text = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise CommandError(f"standard input: more than {MOST_BYTES // 1024**2} MB; send less.")
    with tempfile.NamedTemporaryFile() as file:
        file.write(text)
        file.flush()
        yield file.name


def read_json(source: str) -> Any:
    """What the file says if it is JSON, else None."""
    text = Path(source).read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith((b"[", b"{")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{source}: this is not JSON: {error}") from error


@contextmanager
def _opened(source: str) -> Iterator[tuple[Sequence[str], Rows]]:
    found = read_json(source)
    if found is not None:
        yield _of_json(source, found)
        return
    try:
        with open_table(Path(source)) as table:
            header = [as_text(cell).strip().lower() for cell in table.header]
            yield header, _of_lines(header, table.rows)
    except (FileRefused, OSError) as error:
        raise CommandError(f"{source}: {getattr(error, 'strerror', None) or error}") from error


def _of_lines(header: Sequence[str], lines: Iterator[tuple[int, Sequence[Any]]]) -> Rows:
    for line, cells in lines:
        texts = [as_text(cell) for cell in cells]
        yield f"line {line}", dict(zip(header, texts, strict=False))


def _of_json(source: str, found: Any) -> tuple[Sequence[str], Rows]:
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise CommandError(
            f'{source}: write a list of rows, such as [{{"score": 9}}, {{"score": 6}}].'
        )
    header = list(dict.fromkeys(name for row in found for name in row))
    rows = (
        (f"row {place}", {name: "" if value is None else str(value) for name, value in row.items()})
        for place, row in enumerate(found, start=1)
    )
    return header, rows


def _check_size(source: str) -> None:
    try:
        size = Path(source).stat().st_size
    except OSError as error:
        raise CommandError(f"{source}: {error.strerror or error}") from error
    if size > MOST_BYTES:
        raise CommandError(f"{source}: more than {MOST_BYTES // 1024**2} MB; take fewer rows.")


def _check_header(source: str, header: Sequence[str], columns: Sequence[Column]) -> None:
    missing = [each.name for each in columns if not each.optional and each.name not in header]
    if missing:
        seen = ", ".join(each for each in header if each)[:200] or "nothing"
        raise CommandError(
            f"{source}: {missing[0]} is missing; it takes the columns {_needed(columns)}, and the "
            f"first row names {seen}."
        )


def _needed(columns: Sequence[Column]) -> str:
    return ", ".join(each.name for each in columns if not each.optional)


def _read(source: str, rows: Rows, columns: Sequence[Column]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    wrong: list[str] = []
    for place, texts in rows:
        row: dict[str, Any] = {}
        for column in columns:
            try:
                row[column.name] = _cell(texts.get(column.name, "").strip(), column)
            except Wrong as error:
                wrong.append(f"{place}: {column.name}: {error}")
        found += [row] * row.get(COUNT.name, 1)
        if len(found) > MOST_ROWS:
            raise CommandError(f"{source}: more than {MOST_ROWS:,} rows; take a part of them.")
        if len(wrong) >= MOST_SAID:
            break
    if wrong:
        raise CommandError("\n".join([f"{source}:", *wrong[:MOST_SAID]]))
    return found


def _cell(text: str, column: Column) -> Any:
    if text:
        return column.read(text)
    if column.default is ...:
        raise Wrong("empty; write a value, or take the row out.")
    return column.default
