"""Tables as CSV and XLSX downloads: streamed, and safe from spreadsheet formulas."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse

from accounts.domain.csv_safety import safe_cell
from config.xlsx_stream import CHUNK, xlsx_chunks

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[Any]


def csv_chunks(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The head at once, then many lines at a time: each chunk has its cost on the way."""
    lines = _Lines()
    writer = csv.writer(lines)
    # The mark tells spreadsheets that this is UTF-8; without it they garble Japanese.
    lines.write("\ufeff")
    writer.writerow([_safe(name) for name in header])
    yield lines.take()
    for row in rows:
        writer.writerow([_safe(_plain(value)) for value in row])
        if lines.size > CHUNK:
            yield lines.take()
    yield lines.take()


def csv_response(name: str, header: Row, rows: Iterable[Row]) -> HttpResponseBase:
    return _download(f"{name}.csv", csv_chunks(header, rows), content_type="text/csv")


def xlsx_response(name: str, header: Row, rows: Iterable[Row]) -> HttpResponseBase:
    plain = ([_plain(value) for value in row] for row in rows)
    return _download(f"{name}.xlsx", xlsx_chunks(header, plain), content_type=XLSX_TYPE)


def _download(name: str, chunks: Iterator[Any], *, content_type: str) -> HttpResponseBase:
    response = StreamingHttpResponse(chunks, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _safe(value: Any) -> Any:
    return safe_cell(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
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
