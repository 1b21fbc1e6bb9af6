from __future__ import annotations

from actions.domain.follow_ups.hold_out import Arm, arm_of

CUSTOMERS = range(1, 4001)


def held_out(percent: int) -> set[int]:
    return {each for each in CUSTOMERS if arm_of(each, percent=percent) is Arm.HELD_OUT}


def test_as_many_are_held_out_as_was_said_and_neighbours_have_nothing_in_common() -> None:
    assert held_out(0) == set()
    found = held_out(20)
    assert abs(len(found) - 800) < 76  # three standard errors
    pairs = sum(each + 1 in found for each in found)
    assert abs(pairs - len(found) / 5) < 35


def test_who_is_held_out_stays_so_when_more_are() -> None:
    assert held_out(10) < held_out(20) < held_out(50)
    assert held_out(20) == held_out(20)
