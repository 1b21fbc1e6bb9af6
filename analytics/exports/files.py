"""Reports as files: every figure unrounded, as in the report object; text never a formula."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from analytics.exports.workbook import About, as_xlsx
from analytics.reports.report import Report
from common.spreadsheets.download import XLSX_TYPE, csv_lines


@dataclass(frozen=True, slots=True)
class FileFormat:
    content_type: str
    # The second: what the file is about, for those that are read by people.
    write: Callable[[Report, About], str | bytes]


def as_json(report: Report) -> str:
    return json.dumps(report.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def as_csv(report: Report) -> str:
    table = report.tables()[0]
    return "".join(csv_lines([column.name for column in table.columns], table.rows))


# By the name in addresses and of the file's ending.
FORMATS = {
    # The mark tells Excel that it is UTF-8.
    "csv": FileFormat("text/csv; charset=utf-8", lambda report, _about: "\ufeff" + as_csv(report)),
    "xlsx": FileFormat(XLSX_TYPE, as_xlsx),
    "json": FileFormat("application/json", lambda report, _about: as_json(report)),
}
