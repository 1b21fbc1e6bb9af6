from __future__ import annotations

import pytest

from analytics.domain.health.moves import Move, moves
from analytics.domain.health.parts import Part


def test_the_largest_move_comes_first_and_what_stands_is_left_out() -> None:
    before = [Part("a", 8, 60, 50, 30), Part("b", 4, 90, 25, 22.5), Part("c", 1, 1, 25, 0.25)]
    now = [Part("a", 9, 80, 50, 40), Part("b", None, None, 0, 0), Part("c", 1, 1, 25, 0.25)]

    found = moves(now, before=before)

    assert found == [Move("b", 4, None, -22.5), Move("a", 8, 9, 10)]
    assert sum(each.change for each in found) == pytest.approx(40.25 - 52.75)


def test_a_part_that_only_one_of_them_has_is_no_move() -> None:
    assert moves([Part("new", 1, 100, 1, 100)], before=[Part("old", 1, 0, 1, 0)]) == []
