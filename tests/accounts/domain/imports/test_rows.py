from __future__ import annotations

from datetime import date, datetime, time
from time import process_time

import pytest

from accounts.domain.imports.cells.texts import Cell
from accounts.domain.imports.file_columns import CustomerRow, FileKind, RespondentRow
from accounts.domain.imports.rows import read_header
from accounts.domain.reasons import TEXTS, ReasonCode
from tests.accounts.domain.imports.reading import read, refusal


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


def test_header_names_everything_wrong_at_once() -> None:
    errors = read_header(["name", "Name", "plan"], kind=FileKind.CUSTOMERS)
    assert isinstance(errors, list)
    assert [str(error) for error in errors] == [
        "line 1: Name: the column appears twice in the first row",
        "line 1: customer_id: missing required column; the file has name, Name, plan: say which "
        "of them it is",
    ]


def test_customer_row_from_a_spreadsheet_has_real_dates() -> None:
    columns = "customer_id,started_on,churned_on,opens"
    values: list[Cell] = [1042.0, datetime(2024, 1, 1), date(2024, 1, 1), time(9)]
    assert read(FileKind.CUSTOMERS, columns, values) == CustomerRow(
        customer_id="1042",
        name="",
        started_on=date(2024, 1, 1),
        churned_on=date(2024, 1, 1),
        owner_email="",
        renews_on=None,
        seats=None,
        churn_reason="",
        churn_note="",
        attributes={"opens": "09:00:00"},
    )


def test_short_row_leaves_the_rest_empty() -> None:
    row = read(FileKind.CUSTOMERS, "customer_id,name,plan", ["C1"])
    assert row == CustomerRow("C1", "", None, None, "", None, None, "", "", {"plan": ""})


def test_nameless_columns_may_stay_empty() -> None:
    row = read(FileKind.CUSTOMERS, "customer_id,,name", ["C1", " ", "Koe", "", None])
    assert row == CustomerRow("C1", "Koe", None, None, "", None, None, "", "", {})


@pytest.mark.parametrize(
    ("columns", "values", "message"),
    [
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


def test_respondent_row_without_address_is_refused() -> None:
    found = refusal(FileKind.RESPONDENTS, "email,customer_id", ["", "C1"])
    assert found == "line 7: email: the e-mail address is empty"


def test_response_row_refuses_answer_before_invitation() -> None:
    columns = "email,score,answered_at,invited_at"
    values = ["a@x.example", "9", "2026-11-01", "2026-11-02"]
    assert refusal(FileKind.RESPONSES, columns, values) == (
        "line 7: invited_at: is after answered_at; nobody can answer before being asked"
    )


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
        "line 1: column 2: has 100000 characters; at most 500 are allowed"
    ]
