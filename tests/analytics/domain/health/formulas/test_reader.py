from __future__ import annotations

from enum import StrEnum

from analytics.domain.health.formulas.faults import Fault, FaultCode
from analytics.domain.health.formulas.reader import Node, is_number, twice


class Sign(StrEnum):
    PLUS = "+"


def test_places_are_written_as_paths() -> None:
    faults: list[Fault] = []
    top = Node({"a": [{"b": 1}, {"b": "x"}]}, faults=faults)

    for item in top.child("a").items(least=1, most=5):
        item.child("b").number(low=0, high=9)

    assert [fault.place for fault in faults] == ["a[1].b"]


def test_true_and_infinity_are_no_numbers() -> None:
    assert [is_number(each) for each in (1, 1.5, True, float("inf"), float("nan"), "1", None)] == [
        True, True, False, False, False, False, False,
    ]  # fmt: skip


def test_a_choice_that_is_not_given_is_the_default() -> None:
    faults: list[Fault] = []

    assert Node(None, faults=faults).choice(Sign, default=Sign.PLUS) is Sign.PLUS
    Node(["+"], faults=faults).choice(Sign, default=Sign.PLUS)
    assert [fault.code for fault in faults] == [FaultCode.CHOICE]


def test_what_occurs_again_is_named_once() -> None:
    assert twice(["a", "b", "a", "a", "c", "b"]) == ["a", "b"]
