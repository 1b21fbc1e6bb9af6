"""Each kind of cell: what is read, and what a refusal says to write."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.management.calculations.inputs import values


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (values.number, "-12.5", -12.5),
        (values.amount, "0", 0),
        (values.score, "10", 10),
        (values.score, "7.0", 7),
        (values.count, "0", 0),
        (values.flag, "Yes", True),
        (values.flag, "0", False),
        (values.day, "2026-04-30", dt.date(2026, 4, 30)),
        (values.month, "2026-04", dt.date(2026, 4, 1)),
    ],
)
def test_cells_are_read(read, text, value) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "fix"),
    [
        (values.number, "much", "write one such as 12.5"),
        (values.number, "nan", "write one such as 12.5"),
        (values.number, "1e300", "write one such as 12.5"),
        (values.amount, "-0.01", "write 0 or more"),
        (values.score, "8.5", "a whole number from 0 to 10"),
        (values.score, "11", "a whole number from 0 to 10"),
        (values.score, "nine", "a whole number from 0 to 10"),
        (values.count, "-1", "a whole number from 0 to 200,000"),
        (values.count, "inf", "a whole number from 0 to 200,000"),
        (values.flag, "maybe", "write 1 or 0"),
        (values.day, "04/05/2026", "write 2026-04-30"),
        (values.month, "April", "write 2026-04"),
    ],
)
def test_a_refusal_says_what_was_read_and_what_to_write(read, text, fix) -> None:
    with pytest.raises(values.Wrong, match=fix) as error:
        read(text)
    assert repr(text) in str(error.value)
