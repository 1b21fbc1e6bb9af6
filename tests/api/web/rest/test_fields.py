from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.web.rest.fields import BodyDay, Day, DayText, Flag, Moment, Text, between, counted, one_of

Few = Annotated[int, *between(1, 200)]
Count = Annotated[int, *counted(0, 5)]
Word = Annotated[str, *one_of(["a", "b"])]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Day, ["2026-02-28"], ["2026-02-30", "0", 0, 1700000000, "2026-2-3", "２０２６-01-01"]),
        (DayText, ["2026-02-28"], ["2026-02-30", "20260228"]),
        (BodyDay, ["2026-02-28"], [20260228, None]),
        (
            Moment,
            [
                "2026-01-01T00:00:00Z",
                "2026-01-01t00:00:00.123456789+09:00",
                "0001-01-01T00:00:00+23:59",
                "9999-12-31T23:59:59-23:59",
            ],
            ["2026-01-01T00:00:00", "2026-01-01", "1700000000", "2026-01-01T25:00:00Z"],
        ),
        (Few, ["1", "200"], ["0", "201", "1_0", " 1", "1.0", "١", "+1", "9" * 30]),
        (Count, [0, 5, 3.0], [6, 2.5, "3", True, float("inf")]),
        (Flag, ["true", "false", True], ["yes", "1", "True", ""]),
        (Word, ["a"], ["A", "", "c"]),
    ],
)
def test_a_value_is_read_as_it_is_described(kind: Any, good: list, bad: list) -> None:
    strict = kind is Count
    for value in good:
        TypeAdapter(kind).validate_python(value, strict=strict)
    for value in bad:
        with pytest.raises((ValidationError, OverflowError)):
            TypeAdapter(kind).validate_python(value, strict=strict)


def test_the_limits_stand_in_the_description() -> None:
    for kind in (Few, Count):
        assert {"minimum", "maximum"} <= TypeAdapter(kind).json_schema().keys()


def test_what_no_database_takes_is_left_out() -> None:
    assert TypeAdapter(Text).validate_python("a\x00b") == "ab"
