from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.imports.cells import Cell, as_text
from accounts.domain.imports.files import (
    CustomerRow,
    FileKind,
    RespondentRow,
    ResponseRow,
    RevenueRow,
    columns,
)
from accounts.domain.imports.rows import RowError, read_header, read_row
from accounts.domain.reasons import TEXTS, ReasonCode

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def required(kind: FileKind) -> list[str]:
    return [name for name, column in columns(kind).items() if column.required]


def optional(kind: FileKind) -> list[str]:
    return [name for name in columns(kind) if name not in required(kind)]


def read(kind: FileKind, names: str, values: Sequence[Cell]) -> object:
    header = read_header(names.split(","), kind=kind)
    assert isinstance(header, tuple)
    return read_row(values, kind=kind, header=header, line=7, zone=TOKYO, now=NOW)


def refusal(kind: FileKind, names: str, values: Sequence[Cell]) -> str:
    result = read(kind, names, values)
    assert isinstance(result, RowError)
    return str(result)


def test_header_in_any_case_and_order_gives_names() -> None:
    header = ["Customer ID", " NAME", "Contract Size", "契約", None, ""]
    assert read_header(header, kind=FileKind.CUSTOMERS) == (
        "customer_id",
        "name",
        "contract_size",
        "契約",
        "",
        "",
    )


@pytest.mark.parametrize("kind", FileKind)
def test_header_needs_the_required_columns(kind: FileKind) -> None:
    errors = read_header(optional(kind), kind=kind)
    assert isinstance(errors, list)
    assert [str(error) for error in errors] == [
        f"line 1: {column}: missing required column" for column in required(kind)
    ]


def test_header_names_everything_wrong_at_once() -> None:
    errors = read_header(["name", "Name", "2nd"], kind=FileKind.CUSTOMERS)
    assert isinstance(errors, list)
    assert [str(error) for error in errors] == [
        "line 1: name: the column appears twice in the first row",
        "line 1: 2nd: '2nd' cannot be a column name: begin with a letter and use at most 50 "
        "letters, digits or underscores",
        "line 1: customer_id: missing required column",
    ]


def test_customer_row_with_attributes() -> None:
    columns = "customer_id,name,started_on,churned_on,owner_email,contract,seats,live"
    values = [" C1 ", "声株式会社", "2024-02-29", "", "cs@koe.example", "One year", 12.0, True]
    assert read(FileKind.CUSTOMERS, columns, values) == CustomerRow(
        customer_id="C1",
        name="声株式会社",
        started_on=date(2024, 2, 29),
        churned_on=None,
        owner_email="cs@koe.example",
        attributes={"contract": "One year", "seats": "12", "live": "true"},
    )


def test_customer_row_from_a_spreadsheet_has_real_dates() -> None:
    columns = "customer_id,started_on,churned_on,opens"
    values: list[Cell] = [1042.0, datetime(2024, 1, 1), date(2024, 1, 1), time(9)]
    assert read(FileKind.CUSTOMERS, columns, values) == CustomerRow(
        customer_id="1042",
        name="",
        started_on=date(2024, 1, 1),
        churned_on=date(2024, 1, 1),
        owner_email="",
        attributes={"opens": "09:00:00"},
    )


def test_short_row_leaves_the_rest_empty() -> None:
    row = read(FileKind.CUSTOMERS, "customer_id,name,plan", ["C1"])
    assert row == CustomerRow("C1", "", None, None, "", {"plan": ""})


def test_nameless_columns_may_stay_empty() -> None:
    row = read(FileKind.CUSTOMERS, "customer_id,,name", ["C1", " ", "Koe", "", None])
    assert row == CustomerRow("C1", "Koe", None, None, "", {})


BAD_DATE = "is not a date; write it as YYYY-MM-DD, such as 2026-10-31"


@pytest.mark.parametrize(
    ("columns", "values", "message"),
    [
        ("customer_id", [""], "customer_id: is empty; a value is required"),
        ("customer_id", [None], "customer_id: is empty; a value is required"),
        (
            "customer_id",
            ["x" * 201],
            "customer_id: has 201 characters; at most 200 are allowed",
        ),
        (
            "customer_id,name",
            ["C1", "Koe\nBcc: x"],
            "name: has a line break or control character; remove it",
        ),
        (
            "customer_id,plan",
            ["C1", "a\x00b"],
            "plan: has a line break or control character; remove it",
        ),
        ("customer_id,started_on", ["C1", "2026/10/01"], f"started_on: '2026/10/01' {BAD_DATE}"),
        ("customer_id,started_on", ["C1", "2026-02-30"], f"started_on: '2026-02-30' {BAD_DATE}"),
        ("customer_id,churned_on", ["C1", "9999-12-31"], f"churned_on: '9999-12-31' {BAD_DATE}"),
        ("customer_id,started_on", ["C1", "20261001"], f"started_on: '20261001' {BAD_DATE}"),
        (
            "customer_id,started_on",
            ["C1", "２０２６-10-01"],
            f"started_on: '２０２６-10-01' {BAD_DATE}",
        ),
        ("customer_id,started_on", ["C1", 45000], f"started_on: '45000' {BAD_DATE}"),
        ("customer_id,churned_on", ["C1", "0001-01-01"], f"churned_on: '0001-01-01' {BAD_DATE}"),
        (
            "customer_id,started_on,churned_on",
            ["C1", "2026-10-02", "2026-10-01"],
            "churned_on: 2026-10-01 is before started_on (2026-10-02)",
        ),
        (
            "customer_id,owner_email",
            ["C1", "cs"],
            "owner_email: 'cs' is not an e-mail address: it has no @",
        ),
        (
            "customer_id,,name",
            ["C1", "stray", ""],
            "column 2: column 2 has values but no name in the first row; name it or remove it",
        ),
        (
            "customer_id,name",
            ["C1", "Koe", "", "stray"],
            "column 4: column 4 has values but no name in the first row; name it or remove it",
        ),
    ],
)
def test_customer_row_refused_with_reason(columns: str, values: list[Cell], message: str) -> None:
    assert refusal(FileKind.CUSTOMERS, columns, values) == f"line 7: {message}"


def test_name_in_joined_emoji_and_japanese_is_kept() -> None:
    row = read(FileKind.CUSTOMERS, "customer_id,name", ["C1", "👩‍💻 Koe\u3000部"])
    assert row == CustomerRow("C1", "👩‍💻 Koe\u3000部", None, None, "", {})


def test_respondent_row_keeps_address_and_has_key() -> None:
    columns = "email,customer_id,name,role,language,time_zone,pace"
    values = ["Taro+x@Example.com", "C1", "山田太郎", "Admin", "ja", "Asia/Tokyo", "fast"]
    assert read(FileKind.RESPONDENTS, columns, values) == RespondentRow(
        email="Taro+x@Example.com",
        mail_key="taro@example.com",
        customer_id="C1",
        name="山田太郎",
        role="Admin",
        language="ja",
        time_zone="Asia/Tokyo",
        attributes={"pace": "fast"},
    )


def test_respondent_row_may_leave_language_and_zone_blank() -> None:
    row = read(FileKind.RESPONDENTS, "email,customer_id,language", ["a@x.example", "C1", ""])
    assert row == RespondentRow(
        email="a@x.example",
        mail_key="a@x.example",
        customer_id="C1",
        name="",
        role="",
        language="",
        time_zone="",
        attributes={},
    )


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("language", "Japanese", "'Japanese' is not a language that Koe supports; write ja or en"),
        ("language", "JA", "'JA' is not a language that Koe supports; write ja or en"),
        ("time_zone", "JST", "'JST' is not a time zone; write a name such as Asia/Tokyo"),
        ("time_zone", "../etc", "'../etc' is not a time zone; write a name such as Asia/Tokyo"),
    ],
)
def test_respondent_row_refused_with_reason(column: str, value: str, message: str) -> None:
    columns = f"email,customer_id,{column}"
    found = refusal(FileKind.RESPONDENTS, columns, ["a@x.example", "C1", value])
    assert found == f"line 7: {column}: {message}"


def test_respondent_row_without_address_is_refused() -> None:
    found = refusal(FileKind.RESPONDENTS, "email,customer_id", ["", "C1"])
    assert found == "line 7: email: the e-mail address is empty"


@pytest.mark.parametrize(
    ("month", "first_day"),
    [
        ("2026-10", date(2026, 10, 1)),
        (date(2026, 10, 31), date(2026, 10, 1)),
        (datetime(2026, 10, 1), date(2026, 10, 1)),
    ],
)
def test_revenue_row_month(month: Cell, first_day: date) -> None:
    row = read(FileKind.REVENUE, "customer_id,month,mrr", ["C1", month, "29.85"])
    assert row == RevenueRow("C1", first_day, Decimal("29.85"), "", {})


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("0", "0.00"),
        ("-0", "0.00"),
        ("1234", "1234.00"),
        ("29.85", "29.85"),
        ("0.005", "0.01"),
        (29.85, "29.85"),
        (1e11, "100000000000.00"),
        (100 / 12, "8.33"),
        (1e-7, "0.00"),
        (5000, "5000.00"),
        ("999999999998.995", "999999999999.00"),
        ("000000000000001", "1.00"),
    ],
)
def test_revenue_row_amount_is_exact_to_the_cent(cell: Cell, written: str) -> None:
    row = read(FileKind.REVENUE, "customer_id,month,mrr,currency", ["C1", "2026-10", cell, "JPY"])
    assert isinstance(row, RevenueRow)
    assert (str(row.mrr), row.currency) == (written, "JPY")


SEPARATOR = "has a thousands separator or a decimal comma; write 1234.50"
NO_AMOUNT = "is not an amount; write digits only, such as 1234.50"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1,234", f"'1,234' {SEPARATOR}"),
        ("1 234.50", f"'1 234.50' {SEPARATOR}"),
        ("12,5", f"'12,5' {SEPARATOR}"),
        ("¥100", f"'¥100' {NO_AMOUNT}"),
        ("１００", f"'１００' {NO_AMOUNT}"),
        ("1e3", f"'1e3' {NO_AMOUNT}"),
        ("NaN", f"'NaN' {NO_AMOUNT}"),
        (float("nan"), f"'nan' {NO_AMOUNT}"),
        (float("inf"), f"'inf' {NO_AMOUNT}"),
        (True, f"'true' {NO_AMOUNT}"),
        ("-1", "'-1' is below 0; an amount must be 0 or more"),
        (-0.5, "'-0.5' is below 0; an amount must be 0 or more"),
        ("999999999999", "'999999999999' is too large; it must be below 999999999999"),
        ("", "is empty; a value is required"),
    ],
)
def test_revenue_row_refuses_amount(cell: Cell, message: str) -> None:
    found = refusal(FileKind.REVENUE, "customer_id,month,mrr", ["C1", "2026-10", cell])
    assert found == f"line 7: mrr: {message}"


@pytest.mark.parametrize(
    "month",
    ["2026-13", "2026-00", "2026-1", "2026/10", "0001-01", "202610", "9999-12", date(9999, 12, 31)],
)
def test_revenue_row_refuses_month(month: Cell) -> None:
    found = refusal(FileKind.REVENUE, "customer_id,month,mrr", ["C1", month, "1"])
    assert found == (
        f"line 7: month: '{month}' is not a month; write it as YYYY-MM, such as 2026-10"
    )


@pytest.mark.parametrize("currency", ["jpy", "¥", "JPYX"])
def test_revenue_row_refuses_currency(currency: str) -> None:
    columns = "customer_id,month,mrr,currency"
    found = refusal(FileKind.REVENUE, columns, ["C1", "2026-10", "1", currency])
    assert found == (
        f"line 7: currency: '{currency}' is not a currency code; write three letters, such as JPY"
    )


def test_response_row_in_full() -> None:
    columns = (
        "email,score,answered_at,customer_id,comment,language,campaign,invited_at,response_id,mood"
    )
    values: list[Cell] = [
        "Taro@x.example",
        "9",
        "2026-11-01T09:30:00+09:00",
        "C1",
        " 良い。\r\nとても\x00良い。\r",
        "ja",
        "autumn",
        "2026-10-31T00:00:00Z",
        "r-1",
        "good",
    ]
    assert read(FileKind.RESPONSES, columns, values) == ResponseRow(
        email="Taro@x.example",
        mail_key="taro@x.example",
        score=9,
        answered_at=datetime(2026, 11, 1, 0, 30, tzinfo=UTC),
        customer_id="C1",
        comment="良い。\nとても良い。",
        language="ja",
        campaign="autumn",
        invited_at=datetime(2026, 10, 31, tzinfo=UTC),
        response_id="r-1",
        attributes={"mood": "good"},
    )


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-01", datetime(2026, 10, 31, 15, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 10, 31, 15, tzinfo=UTC)),
        (datetime(2026, 11, 1, 9), datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T09:00", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01 09:00:00", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T09:00:00.25", datetime(2026, 11, 1, 0, 0, 0, 250000, tzinfo=UTC)),
        ("2026-11-01T00:00:00Z", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T00:00:00-0500", datetime(2026, 11, 1, 5, tzinfo=UTC)),
        ("2026-11-22T12:00:00", NOW),
    ],
)
def test_response_row_reads_moments_in_the_zone_of_the_organisation(
    cell: Cell, moment: datetime
) -> None:
    row = read(FileKind.RESPONSES, "email,score,answered_at", ["a@x.example", 0, cell])
    assert isinstance(row, ResponseRow)
    assert (row.answered_at, row.score, row.invited_at) == (moment, 0, None)


NO_MOMENT = (
    "is not a date or time; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS, with +09:00 or Z where the "
    "time zone matters"
)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "is empty; a value is required"),
        ("2026-11-22T12:00:01", "'2026-11-22T12:00:01' is in the future"),
        (date(2027, 1, 1), "'2027-01-01' is in the future"),
        ("2026/11/01", f"'2026/11/01' {NO_MOMENT}"),
        ("2026-11-31", f"'2026-11-31' {NO_MOMENT}"),
        ("2026-11-01T25:00", f"'2026-11-01T25:00' {NO_MOMENT}"),
        ("1620000000", f"'1620000000' {NO_MOMENT}"),
        ("0001-01-01", f"'0001-01-01' {NO_MOMENT}"),
        # Some hours before the end of the calendar, but not in UTC.
        ("9999-12-31T23:59:59-12:00", f"'9999-12-31T23:59:59-12:00' {NO_MOMENT}"),
    ],
)
def test_response_row_refuses_moment(cell: Cell, message: str) -> None:
    found = refusal(FileKind.RESPONSES, "email,score,answered_at", ["a@x.example", "9", cell])
    assert found == f"line 7: answered_at: {message}"


def test_response_row_refuses_answer_before_invitation() -> None:
    columns = "email,score,answered_at,invited_at"
    values = ["a@x.example", "9", "2026-11-01", "2026-11-02"]
    assert refusal(FileKind.RESPONSES, columns, values) == (
        "line 7: invited_at: is after answered_at; nobody can answer before being asked"
    )


@pytest.mark.parametrize("score", range(11))
def test_response_row_takes_each_score(score: int) -> None:
    for cell in (score, str(score), float(score)):
        row = read(
            FileKind.RESPONSES, "email,score,answered_at", ["a@x.example", cell, "2026-01-01"]
        )
        assert isinstance(row, ResponseRow)
        assert row.score == score


@pytest.mark.parametrize("cell", ["8.5", 8.5, "９", "11", 11, "-1", "09", "1e1", "9.0", True, "十"])
def test_response_row_refuses_score(cell: Cell) -> None:
    found = refusal(
        FileKind.RESPONSES, "email,score,answered_at", ["a@x.example", cell, "2026-01-01"]
    )
    written = as_text(cell)
    assert found == (
        f"line 7: score: '{written}' is not a score; write a whole number from 0 to 10"
    )


def test_response_row_without_score_is_refused() -> None:
    values = ["a@x.example", "", "2026-01-01"]
    found = refusal(FileKind.RESPONSES, "email,score,answered_at", values)
    assert found == "line 7: score: is empty; a value is required"


def test_response_row_refuses_a_comment_that_is_too_long() -> None:
    columns = "email,score,answered_at,comment"
    values = ["a@x.example", "9", "2026-01-01", "あ" * 5000]
    assert isinstance(read(FileKind.RESPONSES, columns, values), ResponseRow)
    values[3] += "い"
    assert refusal(FileKind.RESPONSES, columns, values) == (
        "line 7: comment: has 5001 characters; at most 5000 are allowed"
    )


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(TOKYO)),
    st.times(),
    st.sampled_from(["a@x.example", "9", "2026-01-01", "2026-10", "C1", "ja"]),
)


@given(kind=st.sampled_from(FileKind), data=st.data())
def test_any_row_is_read_or_refused_by_name(kind: FileKind, data: st.DataObject) -> None:
    header = (*required(kind), *optional(kind), "plan", "")
    values = data.draw(st.lists(CELLS, max_size=len(header) + 1))
    result = read_row(values, kind=kind, header=header, line=2, zone=TOKYO, now=NOW)
    if isinstance(result, RowError):
        assert str(result).startswith(f"line 2: {result.field}: ")


def test_every_reason_has_a_text() -> None:
    assert set(TEXTS) == set(ReasonCode)


def test_headers_are_read_in_time_that_grows_with_their_number_only() -> None:
    """Whoever reads them without the limit of a file's width, too."""
    headers = ["customer_id", *(f"column {number}" for number in range(50_000))]
    before = process_time()

    errors = read_header(headers, kind=FileKind.CUSTOMERS)

    assert process_time() - before < 2
    assert [str(error) for error in errors] == [
        "line 1: columns: the file has 50000 columns beyond the known ones and at most 100 can be"
        " kept; remove those you do not need"
    ]


def test_header_that_is_a_text_is_refused_by_the_number_of_its_column() -> None:
    errors = read_header(["customer_id", "x" * 100_000], kind=FileKind.CUSTOMERS)

    assert [str(error) for error in errors] == [
        "line 1: column 2: has 100000 characters; at most 200 are allowed"
    ]
