"""The touch table: how closely a customer is cared for, by its size and its health."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from analytics.domain.health.formulas.formula import Touch

# Of a formula's bands: the first, the last, and whatever is between.
RANKS = ("best", "between", "worst")


class Basis(StrEnum):
    """What the size of a customer is read from."""

    MRR = "mrr"
    SEATS = "seats"
    SEGMENT = "segment"


class Size(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


# More sizes are no table that anybody could keep in mind.
MOST_SIZES = 8


def size_of(amount: Decimal | None, *, medium_from: Decimal, large_from: Decimal) -> str:
    """Empty where the amount is not known."""
    if amount is None:
        return ""
    if amount < medium_from:
        return Size.SMALL
    return Size.MEDIUM if amount < large_from else Size.LARGE


def cell_of(size: str, rank: str) -> str:
    """Empty where the size or the health is not known: then the customer is in no cell."""
    return f"{rank}:{size}" if size and rank in RANKS else ""


_USUAL = {
    Size.SMALL: (Touch.TECH, Touch.TECH, Touch.LOW),
    Size.MEDIUM: (Touch.TECH, Touch.LOW, Touch.HIGH),
    Size.LARGE: (Touch.LOW, Touch.HIGH, Touch.HIGH),
}


def usual_touch(size: str, rank: str) -> Touch:
    """What a new table says; a value of a segment has no order, so it counts as medium."""
    known = Size(size) if size in list(Size) else Size.MEDIUM
    return _USUAL[known][RANKS.index(rank)]
