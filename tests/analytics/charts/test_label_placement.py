from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.charts.label_placement import GAP, Point, Position, place_labels, text_width

SIZE = 12.0


def positions(*points: Point, width: float = 200, height: float = 200) -> list[Position | None]:
    return place_labels(points, width=width, height=height, size=SIZE)


def test_a_label_stands_above_where_there_is_room() -> None:
    assert positions(Point(100, 100, 10, "gold")) == [Position.ABOVE]


def test_a_label_never_leaves_the_paper() -> None:
    assert positions(Point(100, 10, 10, "gold")) == [Position.BELOW]
    assert positions(Point(12, 100, 10, "gold"), height=121) == [Position.RIGHT]
    assert positions(Point(188, 100, 10, "gold"), height=121) == [Position.LEFT]
    assert positions(Point(10, 10, 5, "much too long for it"), width=20, height=20) == [None]


def test_a_label_keeps_off_other_points_and_labels() -> None:
    below = Point(100, 100, 10, "gold")
    above = Point(100, 100 - 10 - GAP - SIZE / 2, 4, "tin")
    assert positions(below, above) == [Position.BELOW, Position.ABOVE]
    assert positions(Point(100, 100, 10, "gold"), Point(104, 100, 10, "tin")) == [
        Position.ABOVE,
        Position.BELOW,
    ]


def test_japanese_is_as_wide_as_it_is_high() -> None:
    assert text_width("関東", size=10) == 20
    assert text_width("ab", size=10) < 15


POINTS = st.lists(
    st.builds(
        Point,
        st.floats(0, 300),
        st.floats(0, 200),
        st.floats(2, 20),
        st.text("abcあ ", min_size=1, max_size=12),
    ),
    max_size=12,
)


@given(POINTS)
def test_labels_never_meet(points: list[Point]) -> None:
    from analytics.charts.label_placement import _box

    found = place_labels(points, width=300, height=200, size=SIZE)
    boxes = [
        _box(point, position, size=SIZE)
        for point, position in zip(points, found, strict=True)
        if position
    ]
    assert len(found) == len(points)
    assert not any(a.meets(b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])
