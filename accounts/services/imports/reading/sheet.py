"""One sheet of a workbook, a row at a time, as the rows stand in the file.

A sign left behind in the last row of a sheet costs nothing so, while a reader of whole tables lays
out a million rows for it. Cells in error and cells under a merge are told from empty ones.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from accounts.services.imports.reading.workbook import (
    CHUNK,
    Attributes,
    Damaged,
    SharedText,
    Workbook,
    bare,
    parser_of,
)

# More than is read of a row; the reader of these rows counts what is beyond.
WIDEST = 20_000
MERGES = 100_000
MERGED = "merged"

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MERGE = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)["']"""
)
_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones
_DAYS_FROM_1904 = 1462
_TOO_LATE = 2_958_466
_SECONDS = 86_400

Range = tuple[int, int, int, int]


class Sheet:
    """One sheet read from its first row to its last, holding one row at a time."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._merges: list[Range] = []
        self._done: list[list[Any]] = []
        self._row = self._column = 0
        self._cells: dict[int, Any] = {}
        self._given: Attributes = {}
        self._value: list[str] = []
        self._in_value = self._has_value = self._is_formula = False
        self._is_hidden = False
        self._text = SharedText()
        self._covering: list[Range] = []
        self.hidden_rows = 0

    def rows(self, part: str, *, at_most: int | None = None) -> Iterator[list[Any]]:
        self._merges = sorted(_merged(self._book, part), reverse=True)
        parser = parser_of()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._add
        count = 0
        with self._book.open(part) as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk)
                for row in self._done:
                    yield row
                    count += 1
                    if count == at_most:
                        return
                self._done.clear()
            parser.Parse(b"", True)
        yield from self._done

    def _start(self, tag: str, given: Attributes) -> None:
        tag = bare(tag)
        if tag == "c":
            self._begin_cell(given)
        elif tag == "v":
            self._in_value = self._has_value = True
        elif tag == "f":
            self._is_formula = True
        elif tag == "row":
            self._row = int(given["r"]) if "r" in given else self._row + 1
            self._column, self._cells = 0, {}
            self._is_hidden = given.get("hidden") in ("1", "true")
        else:
            self._text.start(tag)

    def _begin_cell(self, given: Attributes) -> None:
        place = _PLACE.fullmatch(given["r"]) if "r" in given else None
        self._column = _number(place[1]) if place else self._column + 1
        self._given = given
        self._value.clear()
        self._has_value = self._is_formula = False

    def _add(self, text: str) -> None:
        if self._in_value:
            self._value.append(text)
        else:
            self._text.add(text)

    def _end(self, tag: str) -> None:
        tag = bare(tag)
        if tag == "v":
            self._in_value = False
        elif tag == "c":
            cell = self._cell()
            if cell is not None and self._column <= WIDEST:
                self._cells[self._column] = cell
        elif tag == "row":
            self._end_row()
        else:
            self._text.end(tag)

    def _cell(self) -> Any:
        kind, value = self._given.get("t", "n"), "".join(self._value)
        if kind == "inlineStr":
            return self._text.take() or None
        if kind == "e":
            return {"error": value or "#N/A"}
        if not value:
            lacks = self._is_formula and not (kind == "str" and self._has_value)
            return {"error": ""} if lacks else None
        if kind == "s":
            return self._book.text(int(value)) or None
        if kind == "b":
            return value in ("1", "true")
        if kind == "n":
            return self._of_number(value)
        return {"moment": value} if kind == "d" else value

    def _of_number(self, value: str) -> Any:
        number = float(value)
        style = int(self._given.get("s", 0))
        dates = self._book.is_date
        if style < len(dates) and dates[style] and 0 <= number < _TOO_LATE:
            return _date(number, starts_1904=self._book.starts_1904)
        return int(number) if number.is_integer() else number

    def _end_row(self) -> None:
        if not any(cell != "" for cell in self._cells.values()):
            return
        if all(isinstance(cell, str) and not cell.strip() for cell in self._cells.values()):
            return
        self._cover()
        cells: list[Any] = [""] * max(self._cells)
        for column, cell in self._cells.items():
            cells[column - 1] = cell
        self.hidden_rows += self._is_hidden
        self._done.append([self._row, cells])

    def _cover(self) -> None:
        """Marks the cells of this row that lie under a merge: only its first one has a value."""
        while self._merges and self._merges[-1][0] <= self._row:
            self._covering.append(self._merges.pop())
        self._covering = [each for each in self._covering if each[1] >= self._row]
        for top, _, left, right in self._covering:
            for column in range(left, min(right, WIDEST) + 1):
                if (self._row, column) != (top, left):
                    self._cells[column] = {"error": MERGED}


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _merged(book: Workbook, part: str) -> Iterator[Range]:
    """They stand behind the rows, which are not kept until then."""
    tail = b""
    count = 0
    with book.open(part) as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk
            end = 0
            for found in _MERGE.finditer(text):
                end = found.end()
                left, top, right, bottom = found.groups()
                yield int(top), int(bottom), _number(left.decode()), _number(right.decode())
                count += 1
                if count == MERGES:
                    raise Damaged
            tail = text[max(end, len(text) - 200) :]


def _date(number: float, *, starts_1904: bool) -> dict[str, str]:
    if number < 1:
        seconds = min(round(number * _SECONDS), _SECONDS - 1)
        return {"time": (_DAY_ZERO + dt.timedelta(seconds=seconds)).time().isoformat()}
    days = number + (_DAYS_FROM_1904 if starts_1904 else number < 60)
    moment = _DAY_ZERO + dt.timedelta(milliseconds=round(days * _SECONDS * 1000))
    if moment.time() == dt.time():
        return {"day": moment.date().isoformat()}
    return {"moment": moment.isoformat()}
