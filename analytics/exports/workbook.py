"""A report as a workbook for readers: words, amounts with their currency, what each head means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.queries.values import labels_of_segments
from analytics.exports.words import readable, sheet_name
from analytics.labels.headings import HEADINGS
from analytics.reports.report import Column, Kind, Report, Table
from common.spreadsheets.csv_safety import safe_cell
from common.spreadsheets.xlsx import GENERAL, Formatted, Sheet, workbook_chunks
from common.templatetags.figures import SYMBOLS, WITHOUT_DECIMALS

# How a spreadsheet shows the values of a column; it holds every digit of them.
NUMBER_FORMATS = {
    Kind.TEXT: GENERAL,
    Kind.CODE: GENERAL,
    Kind.DIMENSION: GENERAL,
    Kind.FLAG: GENERAL,
    Kind.COUNT: "0",
    Kind.DAYS: "0",
    Kind.HOURS: "0.0",
    Kind.NPS: "0.0",
    Kind.PERCENT: "0.0%",
    Kind.MONEY: "#,##0.00",
    Kind.RATIO: "0.000",
    Kind.P_VALUE: "0.000",
    Kind.FIGURE: "0.0##",
    # In English, whatever the reader's machine speaks.
    Kind.DATE: "[$-409]d mmm yyyy",
    Kind.PERIOD: "[$-409]mmm yyyy",
}
JAPANESE_FORMATS = {Kind.DATE: 'yyyy"年"m"月"d"日"', Kind.PERIOD: 'yyyy"年"m"月"'}
# What a spreadsheet allows, and what is easy to read.
NAME_LENGTH = 31
NARROW, WIDE, WIDEST = 8, 34, 90
# A day or an amount takes as much room as its longest.
DAY_WIDTH, MONEY_WIDTH = 14, 16
# One line of what the file is about: what, and what of it.
About = Sequence[tuple[str, str]]


def as_xlsx(report: Report, about: About = ()) -> bytes:
    """The tables, then what the file is about, then what its columns mean."""
    tables = report.tables()
    # A report without revenue has no money.
    formats = formats_for(getattr(getattr(report, "money", None), "currency", ""))
    dimensions = labels_of_segments()
    sheets = [_sheet(table, dimensions, formats) for table in tables]
    return b"".join(workbook_chunks([*sheets, _about(about), _definitions(tables)]))


def formats_for(currency: str) -> dict[Kind, str]:
    """In the language of the reader and the currency of the report."""
    formats = dict(NUMBER_FORMATS)
    if (get_language() or "").startswith("ja"):
        formats |= JAPANESE_FORMATS
    if currency:
        digits = "#,##0" if currency in WITHOUT_DECIMALS else "#,##0.00"
        formats[Kind.MONEY] = f'"{SYMBOLS.get(currency, currency + " ")}"{digits}'
    return formats


def _sheet(table: Table, dimensions: Mapping[str, str], formats: Mapping[Kind, str]) -> Sheet:
    header = _labels(table, dimensions)
    kinds = table.row_kinds or [Kind.FIGURE] * len(table.rows)
    rows = [
        _row(row, table.columns, formats, figures=kind)
        for row, kind in zip(table.rows, kinds, strict=True)
    ]
    if table.starts_with_total and rows:
        rows[0] = _named(rows[0], table)
    total = None if table.total is None else _row(table.total, table.columns, formats)
    return Sheet(
        name=sheet_name(table.name)[:NAME_LENGTH],
        header=_safe(header),
        rows=rows,
        formats=[formats[column.kind] for column in table.columns],
        more_formats=[formats[kind] for kind in dict.fromkeys(kinds)],
        widths=[
            _width(column, [head, *(row[place] for row in rows)])
            for place, (column, head) in enumerate(zip(table.columns, header, strict=True))
        ],
        total=None if total is None else _named(total, table),
    )


def _row(
    row: Sequence[Any],
    columns: Sequence[Column],
    formats: Mapping[Kind, str],
    *,
    figures: Kind = Kind.FIGURE,
) -> list[Any]:
    """`figures`: of what kind the row's figures are, where the column does not say it."""
    cells = [readable(value, column) for value, column in zip(row, columns, strict=True)]
    return [
        Formatted(cell, formats[figures])
        if column.kind is Kind.FIGURE and cell is not None
        else cell
        for cell, column in zip(_safe(cells), columns, strict=True)
    ]


def _named(total: Sequence[Any], table: Table) -> list[Any]:
    """The dimensions of a total have no value; the first says what the row is."""
    name = str(table.total_name or _("Total"))
    kinds = (Kind.DIMENSION, Kind.PERIOD)
    places = [place for place, each in enumerate(table.columns) if each.kind in kinds]
    words = {place: name if place == 0 else "" for place in places}
    return [words.get(place, value) for place, value in enumerate(total)]


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


def _about(lines: About) -> Sheet:
    return _of_texts(_("About this file"), [_("Item"), _("Contents")], lines, [WIDE, WIDEST])


def _definitions(tables: Sequence[Table]) -> Sheet:
    """Every head and every term once, with its name in CSV and JSON."""
    columns = (each for table in tables for each in table.columns)
    named = dict.fromkeys(each.name for each in columns if _has_heading(each))
    rows = [[str(HEADINGS[name].label), str(HEADINGS[name].meaning), name] for name in named]
    rows += [list(each) for table in tables for each in table.terms]
    header = [_("Column"), _("Meaning"), _("Name in CSV and JSON")]
    return _of_texts(_("Definitions"), header, rows, [WIDE, WIDEST, WIDE])


def _of_texts(
    name: str, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
) -> Sheet:
    return Sheet(
        name=name[:NAME_LENGTH],
        header=header,
        rows=[_safe(row) for row in rows],
        formats=[GENERAL] * len(header),
        widths=widths,
    )


def _safe(row: Sequence[Any]) -> list[Any]:
    return [safe_cell(value) if isinstance(value, str) else value for value in row]


def _width(column: Column, values: Sequence[Any]) -> int:
    """Room for the longest text; numbers are shown rounded, and a head may take two lines."""
    longest = max(_signs(value) for value in values if isinstance(value, str))
    needed = {Kind.MONEY: MONEY_WIDTH, Kind.DATE: DAY_WIDTH, Kind.PERIOD: DAY_WIDTH}
    return min(max(longest + 2, needed.get(column.kind, NARROW)), WIDE)


def _signs(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
