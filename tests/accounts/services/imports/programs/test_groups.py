from __future__ import annotations

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.reasons import ReasonCode
from accounts.services.imports.programs.groups import grouped, read
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


def test_rows_of_the_same_names_are_one_file_in_whatever_order_these_stand() -> None:
    rows = [
        {"customer_id": "A", "name": "x", "attributes": {"b": 1, "a": 2}},
        {"attributes": {"a": 1, "b": 2}, "name": "y", "customer_id": "B"},
        {"customer_id": "C"},
    ]

    groups, errors = grouped(FileKind.CUSTOMERS, rows, now=NOW)
    assert errors == []
    assert [(each.header, list(each.cells)) for each in groups] == [
        (("customer_id", "name", "a", "b"), [1, 2]),
        (("customer_id",), [3]),
    ]


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"!": 1}, ReasonCode.COLUMN_NAME),
        ({"name": 1}, ReasonCode.COLUMN_TWICE),
        ({"Plan": 1, "plan": 2}, ReasonCode.COLUMN_TWICE),
    ],
)
def test_an_attribute_has_a_name_of_its_own(attributes: dict, code: ReasonCode) -> None:
    row = {"customer_id": "A", "attributes": attributes}

    _, [error] = grouped(FileKind.CUSTOMERS, [row], now=NOW)
    assert (error.line, error.reason.code) == (1, code)


def test_what_is_said_twice_is_once_and_what_contradicts_is_an_error() -> None:
    customer = make_customer().customer_id
    same = {"customer_id": customer, "day": "2026-01-01", "measure": "m", "value": 1}
    rows = [same, same, {**same, "value": 2}, {**same, "customer_id": "nobody"}]

    [group], _ = grouped(FileKind.USAGE, rows, now=NOW)
    read(group, now=NOW, seen={})
    assert [line for line, _ in group.good] == [1]
    assert [line for line, _ in group.waiting] == [4]
    assert [(each.line, each.reason.code) for each in group.errors] == [(3, "row_twice")]
