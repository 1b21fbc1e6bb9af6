from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from accounts.domain.imports.cells.texts import Cell
from accounts.domain.imports.file_columns import (
    ROWS,
    CustomerRow,
    FileKind,
    RespondentRow,
    ResponseRow,
    columns,
)
from accounts.domain.imports.rows import read_header
from tests.accounts.domain.imports.reading import optional, read, required

# What whoever writes such files relies on; `*`: a file must have it.
PROMISED = {
    "customers": "customer_id* name started_on churned_on owner_email renews_on seats churn_reason"
    " churn_note",
    "respondents": "email* customer_id* name role language time_zone",
    "revenue": "customer_id* month* mrr* currency product quantity",
    "responses": "email* score* answered_at* customer_id comment language campaign invited_at"
    " response_id",
    "rates": "month* currency* rate*",
    "usage": "customer_id* day* measure* value* email",
    "events": "customer_id* kind* at* email ref value note",
}


@pytest.mark.parametrize("kind", FileKind)
def test_columns_that_are_promised_stay_and_no_other_one_is_required(kind: FileKind) -> None:
    found = {f"{name}*" if each.required else name for name, each in columns(kind).items()}
    promised = set(PROMISED[kind].split())

    assert found >= promised
    assert {name for name in found - promised if name.endswith("*")} == set()


@pytest.mark.parametrize("kind", FileKind)
def test_header_needs_the_required_columns(kind: FileKind) -> None:
    errors = read_header(optional(kind), kind=kind)
    found = ", ".join(optional(kind))
    assert isinstance(errors, list)
    assert [str(error) for error in errors] == [
        f"line 1: {column}: missing required column; the file has {found}: say which of them it is"
        for column in required(kind)
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
        renews_on=None,
        seats=12,
        churn_reason="",
        churn_note="",
        attributes={"contract": "One year", "seats": "12", "live": "true"},
    )


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


@pytest.mark.parametrize("kind", FileKind)
def test_each_field_of_a_row_is_a_column_or_made_from_them(kind: FileKind) -> None:
    made = {each.name for each in fields(ROWS[kind])} - columns(kind).keys()

    assert made <= {"attributes", "mail_key"}


@pytest.mark.parametrize("kind", FileKind)
def test_each_column_has_its_sentence_and_as_many_examples_as_the_others(kind: FileKind) -> None:
    assert all(column.help.endswith(".") for column in columns(kind).values())
    assert len({len(column.examples) for column in columns(kind).values()}) == 1
