"""Where the pieces of our small drawings stand. Attributes of SVG only: the CSP allows no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.templatetags.figures import is_number

BAR_WIDTH = 100
BAR_GAP = 0.6
AXIS_WIDTH = 200


@dataclass(frozen=True)
class Piece:
    x: float
    width: float


def stack(counts: Sequence[int]) -> list[Piece]:
    """One piece per count along a bar of 100 units; pieces that meet leave a gap between them, so
    that the bar reads without colour. Nothing counted, nothing drawn."""
    total = sum(counts)
    if total == 0:
        return [Piece(x=0, width=0) for _ in counts]
    ends = [BAR_WIDTH * sum(counts[: index + 1]) / total for index in range(len(counts))]
    pieces = []
    for count, end in zip(counts, ends, strict=True):
        share = BAR_WIDTH * count / total
        gap = BAR_GAP if end < BAR_WIDTH and share > 2 * BAR_GAP else 0
        pieces.append(Piece(x=round(end - share, 2), width=round(share - gap, 2)))
    return pieces


def on_axis(value: float) -> float:
    """The place of an NPS on an axis from -100 to 100 that is 200 units long."""
    return round(min(max(value, -100), 100) + AXIS_WIDTH / 2, 2)


def fraction(done: float | None, total: float | None) -> float | None:
    """How far a job is, 0 to 1; None while its size is not known."""
    if done is None or total is None or not is_number(total) or total <= 0:
        return None
    return min(max(done / total, 0.0), 1.0)
