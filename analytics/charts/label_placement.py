"""Places for the labels of points, so that no label lies on another one or on a foreign point."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    ABOVE = "above"
    BELOW = "below"
    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Point:
    """In pixels, y downwards; the first ones get their labels first."""

    x: float
    y: float
    radius: float
    label: str


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: Box) -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


GAP = 3.0


def text_width(text: str, *, size: float) -> float:
    """Roughly: a Japanese sign is as wide as it is high, a Latin one a little over half."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return size * (wide + 0.56 * (len(text) - wide))


def place_labels(
    points: Sequence[Point], *, width: float, height: float, size: float
) -> list[Position | None]:
    """For each point the first position with room; None where there is none."""
    paper = Box(0, 0, width, height)
    taken = [_around(point) for point in points]
    positions: list[Position | None] = []
    for own, point in enumerate(points):
        found = _first_free(point, paper=paper, taken=_without(taken, own), size=size)
        if found is not None:
            taken.append(_box(point, found, size=size))
        positions.append(found)
    return positions


def _without(boxes: Sequence[Box], place: int) -> list[Box]:
    return [*boxes[:place], *boxes[place + 1 :]]


def _first_free(point: Point, *, paper: Box, taken: Iterable[Box], size: float) -> Position | None:
    for position in Position:
        box = _box(point, position, size=size)
        if box.inside(paper) and not any(box.meets(each) for each in taken):
            return position
    return None


def _around(point: Point) -> Box:
    x, y, radius = point.x, point.y, point.radius
    return Box(x - radius, y - radius, x + radius, y + radius)


def _box(point: Point, position: Position, *, size: float) -> Box:
    width = text_width(point.label, size=size)
    away = point.radius + GAP
    if position in (Position.ABOVE, Position.BELOW):
        left = point.x - width / 2
        top = point.y - away - size if position is Position.ABOVE else point.y + away
    else:
        left = point.x + away if position is Position.RIGHT else point.x - away - width
        top = point.y - size / 2
    return Box(left, top, left + width, top + size)
