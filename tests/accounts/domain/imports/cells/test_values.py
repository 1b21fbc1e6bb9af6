from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.imports.cells.texts import Broken, Cell, as_text
from accounts.domain.imports.file_columns import (
    CustomerRow,
    FileKind,
    RespondentRow,
    ResponseRow,
    RevenueRow,
)
from accounts.domain.imports.rows import RowError, RowReader
from tests.accounts.domain.imports.reading import NOW, TOKYO, optional, read, refusal, required


def test_name_in_joined_emoji_and_japanese_is_kept() -> None:
    row = read(FileKind.CUSTOMERS, "customer_id,name", ["C1", "👩‍💻 Koe\u3000部"])
    assert row == CustomerRow("C1", "👩‍💻 Koe\u3000部", None, None, "", None, None, "", "", {})


ERROR = "the cell holds an error instead of a value (%s); correct it, or empty it"
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
        ("customer_id,region", ["C1", "#REF!"], f"region: {ERROR % '#REF!'}"),
        ("customer_id,region", ["C1", Broken("#N/A")], f"region: {ERROR % '#N/A'}"),
        ("customer_id,churned_on", ["C1", Broken("")], f"churned_on: {ERROR % '?'}"),
        (
            "customer_id,region",
            ["C1", Broken("merged")],
            "region: the cell lies under a merged one and has no value of its own; undo the merge "
            "and fill in each row",
        ),
        (
            "customer_id",
            ["1.23457E+11"],
            "customer_id: '1.23457E+11' is a number that a spreadsheet has shortened; make the "
            "column text and write the id in full",
        ),
        (
            "customer_id",
            [12345678901234567],
            "customer_id: '12345678901234567' is a number that a spreadsheet has shortened; make "
            "the column text and write the id in full",
        ),
        ("customer_id", ["合計"], "customer_id: '合計' looks like a row of totals; remove it"),
        (
            "customer_id,churned_on",
            ["C1", "解約済"],
            "churned_on: '解約済' says that they left but not when; write the day, such as "
            "2026-10-31",
        ),
        ("customer_id,started_on", ["C1", "2026-02-30"], f"started_on: '2026-02-30' {BAD_DATE}"),
        ("customer_id,churned_on", ["C1", "9999-12-31"], f"churned_on: '9999-12-31' {BAD_DATE}"),
        ("customer_id,started_on", ["C1", 45000], f"started_on: '45000' {BAD_DATE}"),
        ("customer_id,churned_on", ["C1", "0001-01-01"], f"churned_on: '0001-01-01' {BAD_DATE}"),
    ],
)
def test_text_or_date_is_refused_with_its_reason(
    columns: str, values: list[Cell], message: str
) -> None:
    assert refusal(FileKind.CUSTOMERS, columns, values) == f"line 7: {message}"


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("language", "Français", "'Français' is not a language that Koe supports; write ja or en"),
        ("time_zone", "../etc", "'../etc' is not a time zone; write a name such as Asia/Tokyo"),
    ],
)
def test_respondent_row_refused_with_reason(column: str, value: str, message: str) -> None:
    columns = f"email,customer_id,{column}"
    found = refusal(FileKind.RESPONDENTS, columns, ["a@x.example", "C1", value])
    assert found == f"line 7: {column}: {message}"


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
    assert row == RevenueRow("C1", first_day, Decimal("29.85"), "", "", None, {})


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
        ("1.000,50", f"'1.000,50' {SEPARATOR}"),
        ("1,00", f"'1,00' {SEPARATOR}"),
        ("1,234 567", f"'1,234 567' {SEPARATOR}"),
        ("12,5", f"'12,5' {SEPARATOR}"),
        ("$100", f"'$100' {NO_AMOUNT}"),
        ("1E+06", f"'1E+06' {NO_AMOUNT}"),
        ("△500", "'△500' is below 0; an amount must be 0 or more"),
        ("(500)", "'(500)' is below 0; an amount must be 0 or more"),
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
    ["2026-13", "2026-00", "0001-01", "10-2026", "9999-12", "26/10", date(9999, 12, 31)],
)
def test_revenue_row_refuses_month(month: Cell) -> None:
    found = refusal(FileKind.REVENUE, "customer_id,month,mrr", ["C1", month, "1"])
    assert found == (
        f"line 7: month: '{month}' is not a month; write it as YYYY-MM, such as 2026-10"
    )


@pytest.mark.parametrize("currency", ["¥", "JPYX", "$"])
def test_revenue_row_refuses_currency(currency: str) -> None:
    columns = "customer_id,month,mrr,currency"
    found = refusal(FileKind.REVENUE, columns, ["C1", "2026-10", "1", currency])
    assert found == (
        f"line 7: currency: '{currency}' is not a currency code; write three letters, such as JPY"
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


@pytest.mark.parametrize("score", range(11))
def test_response_row_takes_each_score(score: int) -> None:
    for cell in (score, str(score), float(score)):
        row = read(
            FileKind.RESPONSES, "email,score,answered_at", ["a@x.example", cell, "2026-01-01"]
        )
        assert isinstance(row, ResponseRow)
        assert row.score == score


@pytest.mark.parametrize("cell", ["8.5", 8.5, "11", 11, "-1", "009", "1e1", "9.1", True, "十"])
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
    result = RowReader(header, kind=kind, zone=TOKYO, now=NOW).read(values, line=2)
    if isinstance(result, RowError):
        assert str(result).startswith(f"line 2: {result.field}: ")


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("JA", "ja"),
        ("ja-JP", "ja"),
        ("日本語", "ja"),
        ("Japanese", "ja"),
        ("英語", "en"),
        ("en_US", "en"),
        ("English (US)", "en"),
        ("American English", "en"),
        ("日本語（日本）", "ja"),
        ("ＪＰＮ", "ja"),
    ],
)
def test_language_is_known_by_its_names(cell: str, language: str) -> None:
    row = read(FileKind.RESPONDENTS, "email,customer_id,language", ["a@x.example", "C1", cell])

    assert isinstance(row, RespondentRow)
    assert row.language == language


@pytest.mark.parametrize(
    ("cell", "zone"),
    [("JST", "Asia/Tokyo"), ("asia_slash_tokyo", "Asia/Tokyo"), ("東京", "Asia/Tokyo")],
)
def test_time_zone_is_known_by_its_names(cell: str, zone: str) -> None:
    row = read(FileKind.RESPONDENTS, "email,customer_id,time_zone", ["a@x.example", "C1", cell])

    assert isinstance(row, RespondentRow)
    assert row.time_zone == zone


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        ("Ｃ１", "C1"),
        ("C1\u200b", "C1"),
        ('="00101"', "00101"),
        ("'00101", "00101"),
        (101.0, "101"),
    ],
)
def test_ids_are_compared_in_one_form(cell: Cell, known: str) -> None:
    row = read(FileKind.CUSTOMERS, "customer_id", [cell])

    assert isinstance(row, CustomerRow)
    assert row.customer_id == known


def test_segments_are_even_and_names_stay_as_written() -> None:
    values = ["C1", "㈱ｱｵｿﾞﾗ", "ｶﾝﾄｳ　支社", "TRUE"]
    row = read(FileKind.CUSTOMERS, "customer_id,name,region,beta", values)

    assert isinstance(row, CustomerRow)
    assert row.name == "㈱ｱｵｿﾞﾗ"
    assert row.attributes == {"region": "カントウ 支社", "beta": "true"}


@pytest.mark.parametrize(
    "cell", ["日本語/英語", "Japanese and English", "その他", "不明", "zh", "0"]
)
def test_language_that_nobody_can_tell_is_refused(cell: str) -> None:
    found = refusal(FileKind.RESPONDENTS, "email,customer_id,language", ["a@x.example", "C1", cell])

    assert f"'{cell}' is not a language that Koe supports" in found


@pytest.mark.parametrize(
    "cell", ["解約済", "キャンセル済み", "はい", "○", "Cancelled", "expired", "TRUE", True, "1", 1]
)
def test_word_for_leaving_is_refused_for_its_day(cell: Cell) -> None:
    found = refusal(FileKind.CUSTOMERS, "customer_id,churned_on", ["C1", cell])

    assert "says that they left but not when" in found


@pytest.mark.parametrize("cell", ["解約予定", "休止中", "paused", "unpaid", "不明", "N/A", 2])
def test_word_that_may_mean_both_is_no_day_and_no_staying(cell: Cell) -> None:
    assert BAD_DATE in refusal(FileKind.CUSTOMERS, "customer_id,churned_on", ["C1", cell])


@pytest.mark.parametrize(
    "cell",
    ["契約中", "いいえ", "-", "", "×", "アクティブ", "Active", "past_due", "FALSE", False, "0", 0],
)
def test_word_for_staying_is_no_day_of_leaving(cell: Cell) -> None:
    row = read(FileKind.CUSTOMERS, "customer_id,churned_on", ["C1", cell])

    assert isinstance(row, CustomerRow)
    assert row.churned_on is None


@pytest.mark.parametrize(("cell", "code"), [("jpy", "JPY"), ("円", "JPY"), ("ＵＳＤ", "USD")])
def test_currency_is_known_by_its_names(cell: str, code: str) -> None:
    columns = "customer_id,month,mrr,currency"
    row = read(FileKind.REVENUE, columns, ["C1", "2026-10", "1", cell])

    assert isinstance(row, RevenueRow)
    assert row.currency == code
