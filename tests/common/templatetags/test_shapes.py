from __future__ import annotations

from common.templatetags import shapes


def test_stack_fills_the_bar_with_gaps_only_between_pieces() -> None:
    detractors, passives, promoters = shapes.stack([30, 60, 110])
    assert (detractors.x, detractors.width) == (0, 14.4)
    assert (passives.x, passives.width) == (15, 29.4)
    assert (promoters.x, promoters.width) == (45, 55)


def test_stack_of_one_category_fills_the_bar() -> None:
    assert [piece.width for piece in shapes.stack([0, 0, 7])] == [0, 0, 100]
    assert shapes.stack([5, 0, 0])[0] == shapes.Piece(x=0, width=100)


def test_stack_of_nothing_draws_nothing() -> None:
    assert [piece.width for piece in shapes.stack([0, 0, 0])] == [0, 0, 0]


def test_axis_runs_from_minus_to_plus_hundred() -> None:
    assert [shapes.on_axis(value) for value in (-100, 0, 100, 140, -120.5)] == [0, 100, 200, 200, 0]


def test_fraction_is_unknown_without_a_total() -> None:
    assert shapes.fraction(5, 20) == 0.25
    assert shapes.fraction(30, 20) == 1.0
    assert shapes.fraction(0, 0) is None
    assert shapes.fraction(None, 20) is None
