"""Reports as files: every figure unrounded, as in the report object; text never a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from analytics.reports import OutcomeReport, RetentionReport, SegmentReport, TrendReport
from analytics.reports import outcomes as outcome_fields
from analytics.reports import segments as segment_fields
from analytics.reports import trend as trend_fields
from analytics.reports.overview_file import FIGURE_FIELDS, OverviewFile
from analytics.reports.retention import MOVEMENTS
from common.csv_safety import safe_cell

Report = SegmentReport | TrendReport | OutcomeReport | RetentionReport | OverviewFile

_RATES = ("rate", "grr", "nrr", "churn_low", "churn_high")


class _Exact(float):
    """Written with every digit: the writer's own format drops the seventeenth."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    # Of the spreadsheet only: in a CSV it would be counted twice by whoever adds up.
    total: Sequence[Any] | None = None


def tables_of(report: Report) -> list[Table]:
    """The main table first; it is the one that a CSV holds."""
    if isinstance(report, SegmentReport):
        return [_segment_table(report)]
    if isinstance(report, TrendReport):
        return [_trend_table(report)]
    if isinstance(report, OutcomeReport):
        return _outcome_tables(report)
    if isinstance(report, OverviewFile):
        return [_overview_table(report), _trend_table(report.report.trend)]
    return _retention_tables(report)


def as_json(report: Report) -> str:
    return json.dumps(report.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def as_csv(report: Report) -> str:
    table = tables_of(report)[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in table.columns])
    writer.writerows([[_csv_cell(value) for value in row] for row in table.rows])
    return text.getvalue()


def as_xlsx(report: Report) -> bytes:
    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, options) as book:
        for table in tables_of(report):
            _write_sheet(book, table)
    return data.getvalue()


def _segment_table(report: SegmentReport) -> Table:
    fields = [name for name in segment_fields.FIELDS if name != "segment"]
    by = report.filters.by

    def cells(row: segment_fields.SegmentRow) -> list[Any]:
        return [
            *(row.segment.get(name, "") for name in by),
            *(getattr(row, name) for name in fields),
        ]

    rows, total, columns = [cells(row) for row in report.rows], cells(report.total), [*by, *fields]
    if as_of := report.filters.as_of:
        # A row taken out of the file must still say what it is.
        columns.append("segments_as_of")
        for row in (*rows, total):
            row.append(as_of.isoformat())
    return Table("segments", columns, rows, total)


def _overview_table(file: OverviewFile) -> Table:
    """The figures, and below them the sentences; each has what the other has not left empty."""
    columns = (*FIGURE_FIELDS, "p_value", "sentence")
    found = [{"figure": each["finding"], **each} for each in file.findings()]
    rows = [[row.get(name) for name in columns] for row in (*file.figures(), *found)]
    return Table("overview", columns, rows)


def _trend_table(report: TrendReport) -> Table:
    rows = [list(row.values()) for row in report.row_dicts()]
    return Table("trend", trend_fields.FIELDS, rows)


def _outcome_tables(report: OutcomeReport) -> list[Table]:
    fields = outcome_fields.FIELDS
    rows = [[getattr(row, name) for name in fields] for row in report.rows]
    points = [[row.group, *point] for row in report.rows for point in row.survival]
    risk = [[each.customer_id, each.name, each.group, each.mrr] for each in report.at_risk]
    return [
        Table("outcomes", fields, rows),
        Table("survival", ["group", "day", "survival", "low", "high", "at_risk"], points),
        Table("mrr_at_risk", ["customer_id", "name", "group", "mrr"], risk),
    ]


def _retention_tables(report: RetentionReport) -> list[Table]:
    shown = report.as_dict()
    tables = [_cohort_table(name, shown[name]) for name in ("customers", "revenue")]
    columns = ["month", *MOVEMENTS]
    months = [[row[name] for name in columns] for row in shown["months"]]
    return [*tables, Table("movements", columns, months)]


def _cohort_table(name: str, shown: dict[str, Any]) -> Table:
    ages = len(shown["average"])
    columns = ["cohort", "size", *(str(age) for age in range(ages))]
    rows = [[each["cohort"], each["size"], *each["shares"]] for each in shown["cohorts"]]
    return Table(f"retention_{name}", columns, rows, ["", None, *shown["average"]])


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_cell(value) if isinstance(value, str) else repr(value)


def _write_sheet(book: xlsxwriter.Workbook, table: Table) -> None:
    sheet = book.add_worksheet(table.name[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = [book.add_format({"num_format": _number_format(name)}) for name in table.columns]
    total = [
        book.add_format({"num_format": _number_format(name), "bold": True, "top": 1})
        for name in table.columns
    ]
    for place, name in enumerate(table.columns):
        sheet.write_string(0, place, safe_cell(name), head)
    for line, row in enumerate(table.rows, start=1):
        _write_row(sheet, line, row, formats)
    if table.total is not None:
        _write_row(sheet, len(table.rows) + 1, table.total, total)
    sheet.freeze_panes(1, 1)
    sheet.autofit(240)


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


def _number_format(name: str) -> str:
    if name.isdigit() or any(part in name for part in _RATES) or name == "survival":
        return "0.0%"
    if name in ("value", "low", "high", "target"):
        # Points in one row, a share in the next.
        return "0.0##"
    if name.startswith("mrr") or name in MOVEMENTS:
        return "#,##0.00"
    if "nps" in name or name in ("change_low", "change_high"):
        return "0.0"
    return "0.000" if "p_value" in name or name in ("relative_risk", "rr_low", "rr_high") else "0"
