"""Tables as CSV and XLSX downloads: streamed, and safe from spreadsheet formulas."""

from __future__ import annotations

import csv
import datetime as dt
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.spreadsheets.csv_safety import safe_cell
from common.spreadsheets.xlsx import CHUNK, Sheet, workbook_chunks

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[Any]
# A download holds one of the few threads of its web process while it is made, and those who answer
# surveys need the others (config/asgi.py).
AT_ONCE = 2
# In signs: room for a moment, an id, and the beginning of a comment.
COLUMN_WIDTH = 18
_places = threading.BoundedSemaphore(AT_ONCE)
logger = logging.getLogger(__name__)


class Busy(Exception):
    """As many downloads as may be are being sent already."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file and what it holds. `name`: of the file; `title`: of its sheet, for people.

    `for_people`: in a CSV file a text is guarded that a spreadsheet would run as a formula. Koe
    itself reads it as it stands. `zoned`: there a moment says its zone, for programs.
    """

    name: str
    title: str
    header: Row
    rows: Iterable[Row]
    for_people: bool = True
    zoned: bool = False


def csv_chunks(header: Row, rows: Iterable[Row], *, guarded: bool = True) -> Iterator[str]:
    """The head at once, then many lines at a time: each chunk has its cost on the way.

    The mark tells spreadsheets that this is UTF-8; without it they garble Japanese.
    """
    yield from chain(["\ufeff"], csv_lines(header, rows, guarded=guarded))


def csv_lines(header: Row, rows: Iterable[Row], *, guarded: bool = True) -> Iterator[str]:
    lines = _Lines()
    writer = csv.writer(lines)
    cell = _guarded if guarded else _plain
    writer.writerow([cell(name) for name in header])
    yield lines.take()
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if lines.size > CHUNK:
            yield lines.take()
    yield lines.take()


def csv_file(name: str, header: Row, rows: Iterable[Row]) -> HttpResponse:
    """A short file, at once."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.writelines(csv_chunks(header, rows))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_response(file: Download) -> HttpResponseBase:
    read = _to_the_end(file.rows, width=len(file.header))
    rows = ([_with_zone(value) for value in row] for row in read) if file.zoned else read
    chunks = csv_chunks(file.header, rows, guarded=file.for_people)
    return _download(f"{file.name}.csv", chunks, content_type="text/csv")


def xlsx_response(file: Download) -> HttpResponseBase:
    """What is a day or a moment stays one, so that a spreadsheet sorts and counts by it."""
    read = _to_the_end(file.rows, width=len(file.header))
    rows = ([_in_sheet(value) for value in row] for row in read)
    widths = [COLUMN_WIDTH] * len(file.header)
    chunks = workbook_chunks([Sheet(file.title, file.header, rows, widths=widths)])
    return _download(f"{file.name}.xlsx", chunks, content_type=XLSX_TYPE)


def _download(name: str, chunks: Iterator[Any], *, content_type: str) -> HttpResponseBase:
    if not _places.acquire(blocking=False):
        raise Busy
    response = StreamingHttpResponse(_Sent(chunks), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _to_the_end(rows: Iterable[Row], *, width: int) -> Iterator[Row]:
    """A download that breaks off looks like one that is whole, so its last row says that it did."""
    # The language is asked for now: the rows are read when the request is over.
    broken_off = _(
        "This file is incomplete: reading the rest of it failed. Please download it again."
    )

    def read() -> Iterator[Row]:
        try:
            yield from rows
        except Exception:
            logger.exception("A download broke off")
            yield [broken_off, *[""] * (width - 1)]

    return read()


class _Sent:
    """Chunks on their way; gives its place back when the response is closed, begun or not."""

    def __init__(self, chunks: Iterator[Any]) -> None:
        self.chunks = chunks
        self.holds_place = True

    def __iter__(self) -> _Sent:
        return self

    def __next__(self) -> Any:
        return next(self.chunks)

    def close(self) -> None:
        if self.holds_place:
            self.holds_place = False
            _places.release()


def _guarded(value: Any) -> Any:
    return safe_cell(value) if type(value) is str else _plain(value)


def _in_sheet(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return _on_the_wall(value)
    return value if isinstance(value, dt.date) else _plain(value)


def _on_the_wall(moment: dt.datetime) -> dt.datetime:
    """In the organisation's zone, without saying so: spreadsheets know no zones."""
    return timezone.make_naive(moment, timezone.get_default_timezone())


def _with_zone(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value


def _plain(value: Any) -> Any:
    # Most cells are these, and a file has millions of them.
    if type(value) is str or type(value) is int:
        return value
    if isinstance(value, dt.datetime):
        return _on_the_wall(value).isoformat(" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


class _Lines:
    """A file for `csv` that is emptied on the way."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0

    def write(self, text: str) -> int:
        self.parts.append(text)
        self.size += len(text)
        return len(text)

    def take(self) -> str:
        taken = "".join(self.parts)
        self.parts, self.size = [], 0
        return taken
