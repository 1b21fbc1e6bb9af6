"""Reports as files: every figure unrounded, as in the report object; text never a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from analytics.reports.report import Column, Kind, Report, Table
from common.csv_safety import safe_cell

# How a spreadsheet shows the values of a column; it holds every digit of them.
NUMBER_FORMATS = {
    Kind.TEXT: "General",
    Kind.FLAG: "General",
    Kind.COUNT: "0",
    Kind.DAYS: "0",
    Kind.NPS: "0.0",
    Kind.PERCENT: "0.0%",
    Kind.MONEY: "#,##0.00",
    Kind.RATIO: "0.000",
    Kind.P_VALUE: "0.000",
    Kind.FIGURE: "0.0##",
}


class _Exact(float):
    """Written with every digit: the writer's own format drops the seventeenth."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


@dataclass(frozen=True, slots=True)
class FileFormat:
    content_type: str
    write: Callable[[Report], str | bytes]


def as_json(report: Report) -> str:
    return json.dumps(report.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def as_csv(report: Report) -> str:
    table = report.tables()[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(column.name) for column in table.columns])
    writer.writerows([[_csv_cell(value) for value in row] for row in table.rows])
    return text.getvalue()


def as_xlsx(report: Report) -> bytes:
    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, options) as book:
        for table in report.tables():
            _write_sheet(book, table)
    return data.getvalue()


# By the name in addresses and of the file's ending.
FORMATS = {
    # The mark tells Excel that it is UTF-8.
    "csv": FileFormat("text/csv; charset=utf-8", lambda report: "\ufeff" + as_csv(report)),
    "xlsx": FileFormat(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx
    ),
    "json": FileFormat("application/json", as_json),
}


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_cell(value) if isinstance(value, str) else repr(value)


def _write_sheet(book: xlsxwriter.Workbook, table: Table) -> None:
    sheet = book.add_worksheet(table.name[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, safe_cell(column.name), head)
    formats = _formats(book, table.columns)
    for line, row in enumerate(table.rows, start=1):
        _write_row(sheet, line, row, formats)
    if table.total is not None:
        total = _formats(book, table.columns, bold=True, top=1)
        _write_row(sheet, len(table.rows) + 1, table.total, total)
    sheet.freeze_panes(1, 1)
    sheet.autofit(240)


def _formats(book: xlsxwriter.Workbook, columns: Sequence[Column], **properties: Any) -> list[Any]:
    return [
        book.add_format({"num_format": NUMBER_FORMATS[column.kind], **properties})
        for column in columns
    ]


def _write_row(sheet: Any, line: int, row: Sequence[Any], formats: Sequence[Any]) -> None:
    for place, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(line, place, safe_cell(value), formats[place])
        elif isinstance(value, bool):
            sheet.write_boolean(line, place, value, formats[place])
        elif value is None:
            sheet.write_blank(line, place, None, formats[place])
        else:
            sheet.write_number(line, place, _Exact(value), formats[place])
