from __future__ import annotations

from typing import Any

import pytest

from api.domain.exported import Kind, given, kind_of, moment, row_in, row_of_csv, somebody
from api.domain.values import Invalid

PERSON = {"id": "7", "email": "a@x.example"}


@pytest.mark.parametrize(
    "message",
    [
        PERSON,
        {"_airbyte_data": PERSON, "_airbyte_ab_id": "x"},
        {"_airbyte_data": '{"id": "7", "email": "a@x.example"}'},
        {"type": "RECORD", "record": {"stream": "people", "data": PERSON}},
        {"type": "RECORD", "stream": "people", "record": PERSON},
    ],
)
def test_a_row_is_found_in_each_shape(message: dict[str, Any]) -> None:
    assert row_in(message) == PERSON


def test_what_is_no_row_is_passed_and_what_is_none_is_refused() -> None:
    assert row_in({"type": "STATE", "value": {}}) is None
    nonsense: list[Any] = [[], 7, {"_airbyte_data": "{"}, {"_airbyte_data": 7}]
    for wrong in nonsense:
        with pytest.raises(Invalid):
            row_in(wrong)


def test_a_kind_is_told_by_what_only_it_has() -> None:
    rows: list[dict[str, Any]] = [
        {"score": 0, "person": "7"},
        {"person_id": "7", "unsubscribed_at": 1},
        {"person_id": "7", "bounced_at": 1},
        PERSON,
    ]
    assert [kind_of(row) for row in rows] == [
        Kind.ANSWER,
        Kind.UNSUBSCRIBE,
        Kind.BOUNCE,
        Kind.PERSON,
    ]
    with pytest.raises(Invalid):
        kind_of({"id": "7"})


def test_an_answer_is_read_with_its_person_in_every_form() -> None:
    answer = {"id": "9", "score": "8", "created_at": 1_600_000_000, "tags": ["a,b", "c"]}
    persons = [PERSON, "7", 7, 7.0, '{"id": "7", "email": "a@x.example"}']

    found = [given({**answer, "person": each}) for each in persons]

    assert {each.by.kept_id for each in found} == {7}
    assert (found[0].kept_id, found[0].score, found[0].tags) == (9, 8, "a b, c")
    properties = '{"plan": "pro"}'
    assert given({**answer, "person": 7, "person_properties": properties}).properties == {
        "plan": "pro"
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": 11}, {"created_at": None}, {"created_at": "04/05/2020"}, {"id": "x"},
        {"created_at": "9999-12-31T23:59:59Z"},
        {"id": str(10**12)}, {"survey_type": "csat"}, {"person_properties": "{"},
    ],
)  # fmt: skip
def test_an_answer_without_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        given({"id": "9", "score": 8, "created_at": 1, "person": "7", **wrong})


def test_moments_are_read_as_warehouses_write_them() -> None:
    texts = ["1577836800", 1577836800.0, "2020-01-01T00:00:00Z", "2020-01-01 00:00:00 UTC"]

    assert {moment(each, "at").timestamp() for each in texts} == {1577836800}


def test_columns_of_a_csv_are_fields_or_properties() -> None:
    row = row_of_csv(
        ["Response ID", "E-mail", "Score", "Plan", "", "Comment"],
        ["9", "a@x.example", "8", "pro", "y", " Good "],
    )

    assert row == {
        "id": "9", "email": "a@x.example", "score": "8", "comment": "Good",
        "person_properties": {"Plan": "pro"},
    }  # fmt: skip
    assert somebody(PERSON).kept_id == 7
