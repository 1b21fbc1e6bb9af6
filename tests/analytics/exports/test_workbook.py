"""How a spreadsheet shows a value follows from the kind that its column declares."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar
from xml.etree import ElementTree
from zipfile import ZipFile

import pandas as pd
import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from analytics.charts.drawing import Chart
from analytics.domain.customers.known import Knowledge
from analytics.domain.customers.retention import Retention
from analytics.domain.periods import Period
from analytics.exports.files import as_csv
from analytics.exports.workbook import NUMBER_FORMATS, as_xlsx, formats_for
from analytics.labels.headings import HEADINGS
from analytics.queries.customers.money import Money
from analytics.registry import REPORTS
from analytics.reports import outcomes, retention
from analytics.reports.answers import csat, segment_rows, trend
from analytics.reports.report import Column, Kind, Table
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

MAY = Period(dt.date(2026, 5, 1), dt.date(2026, 6, 1))
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Of the formats that a workbook need not spell out.
_BUILT_IN = {"0": "General", "1": "0", "4": "#,##0.00", "14": "mm-dd-yy", "22": "m/d/yy h:mm"}


class OneRow:
    name: ClassVar[str] = "one"
    period = MAY
    file_name = "one"
    money = Money()

    def __init__(self, columns: Sequence[Column], row: Sequence[Any]) -> None:
        self.table = Table("one", columns, [row])

    def charts(self, *, today: dt.date) -> Sequence[Chart]:
        return ()

    def tables(self) -> Sequence[Table]:
        return [self.table]

    def as_dict(self) -> dict[str, Any]:
        return {}


def shown_formats(data: bytes) -> list[str]:
    """The number format of each cell of the second row."""
    with ZipFile(io.BytesIO(data)) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    own = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(f"{_MAIN}numFmt")}
    (cells,) = styles.iter(f"{_MAIN}cellXfs")
    codes = [(own | _BUILT_IN)[each.get("numFmtId")] for each in cells]
    row = next(each for each in sheet.iter(f"{_MAIN}row") if each.get("r") == "2")
    return [codes[int(cell.get("s", "0"))] for cell in row]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_format_follows_from_the_kind_and_not_from_the_name(kind: Kind) -> None:
    columns = [Column(name, kind) for name in ("churn_rate", "mrr", "nps", "low", "7")]

    assert shown_formats(as_xlsx(OneRow(columns, [1.5] * 5))) == [NUMBER_FORMATS[kind]] * 5


def test_every_digit_is_kept_in_both_files() -> None:
    report = OneRow([Column("share", Kind.PERCENT), Column("real", Kind.FLAG)], [0.1 + 0.2, True])

    assert as_csv(report) == "share,real\r\n0.30000000000000004,true\r\n"
    with ZipFile(io.BytesIO(as_xlsx(report))) as archive:
        assert "0.30000000000000004" in archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    "columns",
    [
        segment_rows.COLUMNS,
        trend.COLUMNS,
        outcomes.COLUMNS,
        outcomes.SURVIVAL_COLUMNS,
        outcomes.AT_RISK_COLUMNS,
    ],
)
def test_the_kinds_of_the_contract(columns: Sequence[Column]) -> None:
    """What the names of the public contract promise."""
    for column in columns:
        if re.search("rate$|^(grr|nrr|survival|churn_low|churn_high)$", column.name):
            assert column.kind is Kind.PERCENT, column
        if column.name.startswith("mrr"):
            assert column.kind is Kind.MONEY, column
        if "nps" in column.name or column.name in ("change_low", "change_high"):
            assert column.kind is Kind.NPS, column
        if column.name in ("churned", "customers", "at_risk", "customers_churned", "responses"):
            assert column.kind is Kind.COUNT, column


def test_a_cohort_of_customers_counts_and_one_of_revenue_pays() -> None:
    nothing = Retention(*_no_cohorts())
    report = retention.RetentionReport(
        MAY, nothing, nothing, None, (), Money(), Knowledge(None, None), ()
    )
    customers, revenue, movements = report.tables()

    assert [customers.columns[1].kind, revenue.columns[1].kind] == [Kind.COUNT, Kind.MONEY]
    *amounts, mark = movements.columns[1:]
    assert {column.kind for column in amounts} == {Kind.MONEY}
    assert (mark.name, mark.kind) == ("looks_incomplete", Kind.FLAG)


def _no_cohorts() -> tuple[Any, Any]:
    return pd.DataFrame(), pd.Series(dtype=float)


@pytest.mark.usefixtures("three_plans")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_spreadsheet_is_read_by_people_in_their_language(language: str) -> None:
    viewer = client_as("viewer", language=language)
    titles: dict[str, str] = {}
    for page in (each.path for each in REPORTS):
        data = viewer.get(f"/analytics/{page}?by=plan&format=xlsx").content
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        *_, definitions = (book.get_sheet_by_name(name) for name in book.sheet_names)
        tables = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names[:-2]]
        heads = {head for table in tables for head in table[0] if not str(head).isdecimal()}
        cells = {cell for table in tables for row in table[1:] for cell in row}
        explained = {row[0]: row[2] for row in definitions.to_python()[1:]}
        # The dimension has its own name, and the ages of a cohort are numbers.
        assert heads - {"Plan"} <= set(explained)
        # And what is a term of its rows, as the name of a metric.
        assert set(explained) - heads <= cells
        titles |= explained
    assert ("NPS の増減" in titles) is (language == "ja")
    assert [each for each in titles if "_" in each] == []


def test_a_dimension_may_have_the_name_of_a_column_of_the_contract() -> None:
    world.make_dimension("status", label="Standing")
    report = OneRow([Column("status", Kind.DIMENSION), Column("nps", Kind.NPS)], ["gold", 12.5])

    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(report)))

    assert book.get_sheet_by_index(0).to_python()[0][0] == "Standing"
    named = [row[2] for row in book.get_sheet_by_index(2).to_python()]
    assert "nps" in named
    assert "status" not in named


def test_every_column_has_a_meaning_and_no_two_of_one_report_one_word() -> None:
    assert [name for name, each in HEADINGS.items() if not (each.label and each.meaning)] == []
    for columns in (segment_rows.COLUMNS, trend.COLUMNS, outcomes.COLUMNS, csat.COLUMNS):
        labels = [str(HEADINGS[column.name].label) for column in columns]
        assert len(set(labels)) == len(labels)


def test_days_months_and_amounts_are_shown_as_the_reader_writes_them() -> None:
    columns = [Column("from", Kind.DATE), Column("month", Kind.PERIOD), Column("mrr", Kind.MONEY)]
    report = OneRow(columns, ["2026-04-01", "2026-05", 1234.5])
    report.money = Money("EUR")

    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(report)))

    row = book.get_sheet_by_index(0).to_python()[1]
    assert row == [dt.date(2026, 4, 1), dt.date(2026, 5, 1), 1234.5]
    assert shown_formats(as_xlsx(report)) == [
        "[$-409]d mmm yyyy", "[$-409]mmm yyyy", '"€"#,##0.00',
    ]  # fmt: skip
    assert as_csv(report) == "from,month,mrr\r\n2026-04-01,2026-05,1234.5\r\n"
    with translation.override("ja"):
        assert shown_formats(as_xlsx(report))[:2] == ['yyyy"年"m"月"d"日"', 'yyyy"年"m"月"']


def test_amounts_without_cents_have_none_and_other_currencies_lead_with_their_code() -> None:
    assert formats_for("JPY")[Kind.MONEY] == '"¥"#,##0'
    assert formats_for("CHF")[Kind.MONEY] == '"CHF "#,##0.00'
    assert formats_for("")[Kind.MONEY] == "#,##0.00"


def test_a_figure_is_shown_as_its_row_says() -> None:
    report = OneRow([Column("figure", Kind.CODE), Column("value", Kind.FIGURE)], ["nrr", 1.02])
    report.table = replace(report.table, row_kinds=[Kind.PERCENT])

    assert shown_formats(as_xlsx(report)) == ["General", "0.0%"]


def test_a_total_says_that_it_is_one() -> None:
    columns = [Column("plan", Kind.DIMENSION), Column("churned", Kind.COUNT)]
    report = OneRow(columns, ["", 2])
    first = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(report)))
    # Whose plan is not known is a segment of its own.
    assert first.get_sheet_by_index(0).to_python()[1] == ["–", 2.0]

    report.table = replace(report.table, starts_with_total=True, total=["", 3])
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(report)))

    assert [row[0] for row in book.get_sheet_by_index(0).to_python()[1:]] == ["Total", "Total"]


@pytest.mark.usefixtures("three_plans")
def test_a_workbook_says_what_was_chosen() -> None:
    page = "/analytics/segments/?from=2026-04-01&to=2026-06-30&mine=1&by=plan&format=xlsx"
    data = client_as("cs").get(page).content

    about = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("About this file")

    lines = {str(what): text for what, text in about.to_python()[1:]}
    assert lines["Period"] == "1 Apr 2026 to 30 Jun 2026"
    assert (lines["Accounts"], lines["Split by"]) == ("My accounts", "Plan")
