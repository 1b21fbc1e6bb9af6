"""Reports as files: every figure unrounded, as in the report object; text never a formula."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from accounts.queries.values import labels_of_segments
from analytics.exports.headings import HEADINGS
from analytics.reports.report import Column, Kind, Report, Table
from common.spreadsheets.csv_safety import safe_cell
from common.spreadsheets.download import XLSX_TYPE, csv_lines
from common.spreadsheets.xlsx import GENERAL, Sheet, workbook_chunks

# How a spreadsheet shows the values of a column; it holds every digit of them.
NUMBER_FORMATS = {
    Kind.TEXT: GENERAL,
    Kind.DIMENSION: GENERAL,
    Kind.FLAG: GENERAL,
    Kind.COUNT: "0",
    Kind.DAYS: "0",
    Kind.NPS: "0.0",
    Kind.PERCENT: "0.0%",
    Kind.MONEY: "#,##0.00",
    Kind.RATIO: "0.000",
    Kind.P_VALUE: "0.000",
    Kind.FIGURE: "0.0##",
}


# What a spreadsheet allows, and what is easy to read.
NAME_LENGTH = 31
NARROW, WIDE, WIDEST = 8, 34, 90


@dataclass(frozen=True, slots=True)
class FileFormat:
    content_type: str
    write: Callable[[Report], str | bytes]


def as_json(report: Report) -> str:
    return json.dumps(report.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def as_csv(report: Report) -> str:
    table = report.tables()[0]
    return "".join(csv_lines(_names(table), table.rows))


def as_xlsx(report: Report) -> bytes:
    """For readers: words as heads, and what they mean on the last sheet."""
    tables = report.tables()
    dimensions = labels_of_segments()
    sheets = [_sheet(table, dimensions) for table in tables]
    return b"".join(workbook_chunks([*sheets, _definitions(tables)]))


# By the name in addresses and of the file's ending.
FORMATS = {
    # The mark tells Excel that it is UTF-8.
    "csv": FileFormat("text/csv; charset=utf-8", lambda report: "\ufeff" + as_csv(report)),
    "xlsx": FileFormat(XLSX_TYPE, as_xlsx),
    "json": FileFormat("application/json", as_json),
}


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _sheet(table: Table, dimensions: Mapping[str, str]) -> Sheet:
    header = _labels(table, dimensions)
    rows = [_readable(row) for row in table.rows]
    return Sheet(
        name=table.name[:NAME_LENGTH],
        header=_safe(header),
        rows=rows,
        formats=[NUMBER_FORMATS[column.kind] for column in table.columns],
        widths=[_width(values) for values in zip(header, *rows, strict=True)],
        total=None if table.total is None else _readable(table.total),
    )


def _labels(table: Table, dimensions: Mapping[str, str]) -> list[str]:
    return [
        str(HEADINGS[each.name].label)
        if _has_heading(each)
        else dimensions.get(each.name, each.name)
        for each in table.columns
    ]


def _has_heading(column: Column) -> bool:
    """A dimension may have any name, also one that means something else here."""
    return column.kind is not Kind.DIMENSION and column.name in HEADINGS


def _definitions(tables: Sequence[Table]) -> Sheet:
    """Every head once, with its name in CSV and JSON."""
    columns = (each for table in tables for each in table.columns)
    named = dict.fromkeys(each.name for each in columns if _has_heading(each))
    rows = [[str(HEADINGS[name].label), str(HEADINGS[name].meaning), name] for name in named]
    header = [_("Column"), _("Meaning"), _("Name in CSV and JSON")]
    return Sheet(
        name=_("Definitions")[:NAME_LENGTH],
        header=header,
        rows=rows,
        formats=[GENERAL] * len(header),
        widths=[WIDE, WIDEST, WIDE],
    )


def _readable(row: Sequence[Any]) -> list[Any]:
    """Yes and no as words; all else as it is."""
    words = [
        (_("yes") if value else _("no")) if isinstance(value, bool) else value for value in row
    ]
    return _safe(words)


def _safe(row: Sequence[Any]) -> list[Any]:
    return [safe_cell(value) if isinstance(value, str) else value for value in row]


def _width(values: Sequence[Any]) -> int:
    """Room for the longest text; numbers are shown rounded, and a head may take two lines."""
    longest = max(_signs(value) for value in values if isinstance(value, str))
    return min(max(longest + 2, NARROW), WIDE)


def _signs(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
