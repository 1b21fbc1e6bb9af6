"""A file as a header and a stream of rows, or one clear sentence why it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accounts.domain.imports.cells import Cell
from accounts.domain.reasons import ReasonCode, reason
from accounts.services.imports.reading.csv_rows import csv_lines
from accounts.services.imports.reading.files import MAX_COLUMNS, FileRefused, is_workbook
from accounts.services.imports.reading.sheet_rows import sheet_lines

# What the titles of our own columns in the file of bad rows begin with, in every language.
OUR_COLUMNS = "Koe: "


@dataclass(frozen=True, slots=True)
class Table:
    """The first row, and the rows after it with the line each one begins on."""

    header: Sequence[Cell]
    rows: Iterator[tuple[int, Sequence[Cell]]]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    lines_of = sheet_lines if is_workbook(path) else csv_lines
    with lines_of(path) as found:
        lines = _of_bounded_width(found)
        first = next(lines, None)
        if first is None:
            raise FileRefused(reason(ReasonCode.FILE_EMPTY))
        yield _without_ours(Table(_without_empty_end(first[1]), lines))


def _of_bounded_width(
    lines: Iterator[tuple[int, Sequence[Cell]]],
) -> Iterator[tuple[int, Sequence[Cell]]]:
    for line, cells in lines:
        if len(cells) > MAX_COLUMNS and (count := len(_without_empty_end(cells))) > MAX_COLUMNS:
            why = reason(ReasonCode.FILE_TOO_WIDE, line=line, count=count, limit=MAX_COLUMNS)
            raise FileRefused(why)
        yield line, cells[:MAX_COLUMNS]


def _without_ours(table: Table) -> Table:
    """The file of bad rows says in columns of ours what is wrong: mended, it is uploaded again."""
    places = [place for place, title in enumerate(table.header) if not _is_ours(title)]
    if len(places) == len(table.header):
        return table
    rows = (
        (line, [cells[place] for place in places if place < len(cells)])
        for line, cells in table.rows
    )
    return Table([table.header[place] for place in places], rows)


def _is_ours(title: Cell) -> bool:
    return isinstance(title, str) and title.startswith(OUR_COLUMNS)


def _without_empty_end(header: Sequence[Cell]) -> Sequence[Cell]:
    """Spreadsheets leave empty columns behind the last one that was ever used."""
    end = len(header)
    while end and header[end - 1] in (None, ""):
        end -= 1
    return header[:end]
