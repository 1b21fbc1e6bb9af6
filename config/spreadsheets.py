"""Tables as CSV and XLSX downloads: streamed, and safe from spreadsheet formulas."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

# What a spreadsheet would take for a formula, and the full-width forms some turn into one.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[Any]


def safe_text(value: Any) -> Any:
    """Text that might be read as a formula gets an apostrophe in front; other values stay."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def csv_lines(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Line())
    # The mark tells spreadsheets that this is UTF-8; without it they garble Japanese.
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([safe_text(_plain(value)) for value in row])


def csv_response(name: str, header: Row, rows: Iterable[Row]) -> HttpResponseBase:
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(name: str, header: Row, rows: Iterable[Row]) -> HttpResponseBase:
    """Rows go to a temporary file one by one, so that memory does not grow with them."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, header, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [_plain(value) for value in row])
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else value


class _Line:
    """A file of one line: `csv` writes to it and gets the line back."""

    def write(self, text: str) -> str:
        return text
