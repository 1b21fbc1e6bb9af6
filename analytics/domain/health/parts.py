"""What one measure adds to the score of one customer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    # None where it is not known; the rest of the part is 0 then.
    value: float | None
    points: float | None
    weight: float
    contribution: float
