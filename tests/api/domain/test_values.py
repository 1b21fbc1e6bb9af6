from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from api.domain import values
from api.domain.values import Invalid

NAN = float("nan")
WRONG_SCORES: list[Any] = [11, -1, "", None, "９", "1e1", 7.5, True, [], NAN]
WRONG_PROPERTIES: list[Any] = [[1], "x", 7, {"a": {}}, {"a": "x" * 2001}]
WRONG_PROPERTIES += [{str(number): "" for number in range(101)}]


@pytest.mark.parametrize(
    ("read", "given", "found"),
    [
        (values.score, "9", 9),
        (values.score, 0, 0),
        (values.score, 7.0, 7),
        (values.delay, "3600", dt.timedelta(hours=1)),
        (values.delay, None, dt.timedelta(0)),
        (values.phone, "+81312345678", "+81312345678"),
        (values.properties, {"a": 1, "b": True, "c": None, "d": "x\x00\ud800"},
         {"a": "1", "b": "true", "d": "x"}),
        (values.properties, [], {}),
        (values.properties, "", {}),
    ],
)  # fmt: skip
def test_a_value_is_read_whatever_it_is_written_as(
    read: Callable[[Any], Any], given: Any, found: Any
) -> None:
    assert read(given) == found


@pytest.mark.parametrize(
    ("read", "given"),
    [
        *[(values.score, wrong) for wrong in WRONG_SCORES],
        *[(values.delay, wrong) for wrong in (-1, 10**15, 10**40, "soon")],
        *[(values.phone, wrong) for wrong in ("0312345678", "+81 3", "+1")],
        *[(values.properties, wrong) for wrong in WRONG_PROPERTIES],
    ],
)
def test_nonsense_is_named(read: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(Invalid) as fault:
        read(given)
    assert [len(texts) for texts in fault.value.errors.values()] == [1]


@pytest.mark.parametrize(
    ("given", "found"), [("false", False), ("0", False), (False, False), (1, True), ("", True)]
)
def test_a_flag_is_read_from_text(given: Any, found: bool) -> None:
    assert values.flag(given, "send", default=True) is found


def test_a_moment_is_a_second_of_our_times() -> None:
    assert values.moment("1577836800", "since") == dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert values.moment("", "since") is None
    for given in ("-1", 10**14, "2020-01-01"):
        with pytest.raises(Invalid):
            values.moment(given, "since")


def test_seconds_are_whole() -> None:
    assert values.seconds(dt.datetime(2020, 1, 1, 0, 0, 0, 999999, tzinfo=dt.UTC)) == 1577836800
    assert values.seconds(None) is None
