"""Where the pieces of our small drawings stand. Attributes of SVG only: the CSP allows no style."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.templatetags.figures import is_number

BAR_WIDTH = 100
BAR_GAP = 0.6
AXIS_WIDTH = 200
STEP, SHORTEST = 10, 40


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


@dataclass(frozen=True)
class Scale:
    """From where to where an axis of AXIS_WIDTH units goes."""

    low: float = -100.0
    high: float = 100.0

    def at(self, value: float) -> float:
        """The place of a value; beyond an end it stands at that end."""
        inside = min(max(value, self.low), self.high)
        return round(AXIS_WIDTH * (inside - self.low) / (self.high - self.low), 2)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


NPS_SCALE = Scale()


def scale_of(values: Iterable[float | None]) -> Scale:
    """The tens around what is shown, so that whiskers can be compared; at least SHORTEST long."""
    known = [value for value in values if value is not None]
    if not known:
        return NPS_SCALE
    low, high = math.floor(min(known) / STEP) * STEP, math.ceil(max(known) / STEP) * STEP
    if high - low < SHORTEST:
        # On both sides alike, as far as there is room.
        low -= (SHORTEST - high + low) // 2 // STEP * STEP
        low = min(max(low, int(NPS_SCALE.low)), int(NPS_SCALE.high) - SHORTEST)
        high = low + SHORTEST
    return Scale(low, high)


def fraction(done: float | None, total: float | None) -> float | None:
    """How far a job is, 0 to 1; None while its size is not known."""
    if done is None or total is None or not is_number(total) or total <= 0:
        return None
    return min(max(done / total, 0.0), 1.0)


def course(scores: Sequence[int]) -> str:
    """The points of a line through scores of 0 to 10 in a field of 100 by 100; none for one."""
    if len(scores) < 2:
        return ""
    step = 100 / (len(scores) - 1)
    return " ".join(f"{place * step:.2f},{100 - 10 * score}" for place, score in enumerate(scores))
