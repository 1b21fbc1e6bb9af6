from __future__ import annotations

import pytest

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
    assert [shapes.NPS_SCALE.at(value) for value in (-100, 0, 100, 140, -120.5)] == [
        0,
        100,
        200,
        200,
        0,
    ]


@pytest.mark.parametrize(
    ("shown", "ends"),
    [
        ([], (-100, 100)),
        ([None, 12.0, 48.5], (10, 50)),
        ([-63.2, None, 71.0], (-70, 80)),
        ([31.0, 33.0], (20, 60)),
        ([97.0, 100.0], (60, 100)),
        ([-100.0, -95.5], (-100, -60)),
        ([0.0], (-20, 20)),
    ],
)
def test_a_scale_is_the_tens_around_what_is_shown_and_never_too_short(shown, ends) -> None:
    assert shapes.scale_of(shown) == shapes.Scale(*ends)


def test_a_scale_takes_its_whole_axis() -> None:
    scale = shapes.Scale(10, 50)

    assert [scale.at(value) for value in (10, 30, 50, 70, 0)] == [0, 100, 200, 200, 0]
    assert (scale.holds(50), scale.holds(51)) == (True, False)


def test_fraction_is_unknown_without_a_total() -> None:
    assert shapes.fraction(5, 20) == 0.25
    assert shapes.fraction(30, 20) == 1.0
    assert shapes.fraction(0, 0) is None
    assert shapes.fraction(None, 20) is None


def test_a_course_goes_from_the_left_to_the_right_and_up_with_the_score() -> None:
    assert shapes.course([0, 10, 5]) == "0.00,100 50.00,0 100.00,50"
    assert shapes.course([7]) == ""
