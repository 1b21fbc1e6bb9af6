from __future__ import annotations

import pytest

from api.web.rest.faults import not_valid


def fault(*loc: object, kind: str = "missing", **more: object) -> dict:
    return {"loc": loc, "type": kind, "msg": "Input should be a number", **more}


@pytest.mark.parametrize(
    ("loc", "field", "row"),
    [
        (("body", "rows", 2, "email"), "email", 3),
        (("body", "given", "audience", "plan"), "audience.plan", None),
        (("query", "query", "from"), "from", None),
        (("path", "id"), "id", None),
        (("body", "rows", 0, "value", "constrained-int"), "value", 1),
        (("body", "rows"), "rows", None),
    ],
)
def test_the_field_is_named_as_it_was_sent(loc: tuple, field: str, row: int | None) -> None:
    [error] = not_valid([fault(*loc)]).errors

    assert (error.field, error.row) == (field, row)


def test_of_several_shapes_the_nearest_one_is_told() -> None:
    found = [
        fault("body", "given", "Assign", "owner"),
        fault("body", "given", "Assign", "state", kind="extra_forbidden"),
        fault("body", "given", "Wait", "until"),
    ]

    assert [each.field for each in not_valid(found).errors] == ["until"]


def test_each_fault_says_what_to_write() -> None:
    found = [
        fault("body", "a", kind="value_error", ctx={"error": "is no day; write one"}),
        fault("body", "b", kind="literal_error", ctx={"expected": "'x' or 'y'"}),
        fault("body", "c", kind="new_type"),
        fault("body", "d", kind="too_long", ctx={"max_length": 5}),
    ]

    told = [(each.detail, each.fix) for each in not_valid(found).errors]
    assert told[0] == ("is no day", "write one")
    assert told[1][1] == "write 'x' or 'y'"
    assert told[2][1] == "input should be a number"
    assert told[3][1] == "send at most 5"
