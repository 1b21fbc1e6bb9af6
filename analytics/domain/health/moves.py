"""Why a score moved: its parts against those of an earlier day, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.domain.health.parts import Part

# Below it a part has not moved in a figure of one decimal.
LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Move:
    key: str
    before: float | None
    after: float | None
    # In points of the score.
    change: float


def moves(now: Sequence[Part], *, before: Sequence[Part]) -> list[Move]:
    """Of two days by one formula; their sum is the change of the score before caps."""
    earlier = {part.key: part for part in before}
    found = [
        Move(
            part.key,
            earlier[part.key].value,
            part.value,
            part.contribution - earlier[part.key].contribution,
        )
        for part in now
        if part.key in earlier
    ]
    moved = [move for move in found if abs(move.change) >= LEAST]
    return sorted(moved, key=lambda move: (-abs(move.change), move.key))
