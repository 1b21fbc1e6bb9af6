"""A file as a header and a stream of rows, or one clear sentence why it cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from accounts.domain.imports.cells.texts import Cell
from accounts.domain.reasons import ReasonCode, reason
from accounts.services.imports.reading.csv_rows import csv_lines
from accounts.services.imports.reading.files import MAX_COLUMNS, FileRefused, Told, is_workbook
from accounts.services.imports.reading.sheet_rows import sheet_lines

Line = tuple[int, Sequence[Cell]]
# How many columns of the header that is wanted a row names.
Score = Callable[[Sequence[Cell]], int]
# The header stands among the first rows of a file; above it may be a title.
HEADER_WITHIN = 20
# What the titles of our own columns in the file of bad rows begin with, in every language.
OUR_COLUMNS = "Koe: "


@dataclass(frozen=True, slots=True)
class Table:
    """The header and its line, and the rows after it with the line each one begins on."""

    header: Sequence[Cell]
    rows: Iterator[Line]
    line: int = 1
    told: Told = field(default_factory=Told)


def _nothing(_: Sequence[Cell]) -> int:
    return 0


@contextmanager
def open_table(
    path: Path, *, score: Score = _nothing, seconds: float | None = None, sample: bool = False
) -> Iterator[Table]:
    """A workbook that is not read within so many `seconds` is refused; of a `sample` the first rows
    alone are wanted."""
    told = Told()
    with _opened(path, score, told, seconds, sample=sample) as found:
        lines = _of_bounded_width(found)
        first = list(islice(lines, HEADER_WITHIN))
        if not first:
            raise FileRefused(reason(ReasonCode.FILE_EMPTY))
        place = _header_place([cells for _, cells in first], score)
        line, cells = first[place]
        header = _without_empty_end(cells)
        told.rows_above = place
        rows = _below(header, chain(first[place + 1 :], lines), pads=is_workbook(path))
        yield _without_ours(Table(header, rows, line, told))


def _opened(
    path: Path, score: Score, told: Told, seconds: float | None, *, sample: bool
) -> AbstractContextManager[Iterator[Any]]:
    if not is_workbook(path):
        return csv_lines(path, score=score, sample=sample)

    def choose(sheets: Sequence[Sequence[Line]]) -> int:
        best = [max(score(cells) for _, cells in rows) for rows in sheets]
        return best.index(max(best))

    return sheet_lines(path, choose=choose, told=told, seconds=seconds)


def _header_place(rows: Sequence[Sequence[Cell]], score: Score) -> int:
    """Where the most is named; where nothing is, the first row that is wider than a title."""
    scores = [score(cells) for cells in rows]
    if any(scores):
        return scores.index(max(scores))
    widths = [sum(cell not in (None, "") for cell in cells) for cells in rows]
    return next((place for place, width in enumerate(widths) if width > 1), 0)


def _below(header: Sequence[Cell], lines: Iterator[Line], *, pads: bool) -> Iterator[Line]:
    """Without the header where it stands again, as in files that were put together.

    A sheet has no short rows: their last cells are empty.
    """
    width, first = len(header), header[0]
    for line, cells in lines:
        if cells[0] == first and list(cells[:width]) == list(header):
            continue
        if pads and len(cells) < width:
            yield line, [*cells, *[""] * (width - len(cells))]
        else:
            yield line, cells


def _of_bounded_width(lines: Iterator[Line]) -> Iterator[Line]:
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
    return replace(table, header=[table.header[place] for place in places], rows=rows)


def _is_ours(title: Cell) -> bool:
    return isinstance(title, str) and title.startswith(OUR_COLUMNS)


def _without_empty_end(header: Sequence[Cell]) -> Sequence[Cell]:
    """Spreadsheets leave empty columns behind the last one that was ever used."""
    end = len(header)
    while end and header[end - 1] in (None, ""):
        end -= 1
    return header[:end]
