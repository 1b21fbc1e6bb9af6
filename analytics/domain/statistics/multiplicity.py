"""Correction for testing many differences on one screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

FALSE_DISCOVERY_RATE = 0.05


class Discoveries(NamedTuple):
    """One entry per p value, in the order given; None where there was no test."""

    adjusted: list[float | None]
    significant: list[bool | None]


def benjamini_hochberg(
    p_values: Sequence[float | None], *, q: float = FALSE_DISCOVERY_RATE
) -> Discoveries:
    """Absent tests (None or NaN) stay absent and do not count towards the number of tests.

    1. Going from the largest p value down, multiply by tests / rank.
    2. Keep the smallest product so far, so that a smaller p never ends above a larger one.
    """
    tested = [(p, i) for i, p in enumerate(p_values) if p is not None and not math.isnan(p)]
    adjusted: list[float | None] = [None] * len(p_values)
    smallest = 1.0
    for rank, (p_value, position) in reversed(list(enumerate(sorted(tested), start=1))):
        smallest = min(smallest, p_value * (len(tested) / rank))
        adjusted[position] = smallest
    return Discoveries(adjusted, [None if p is None else p <= q for p in adjusted])


def holm(p_values: Sequence[float | None], *, level: float = FALSE_DISCOVERY_RATE) -> Discoveries:
    """Where a single wrong call is expensive: the chance of any is at most `level`.

    Going from the smallest p value up, multiply by the tests still left, and keep the largest.
    """
    tested = [(p, i) for i, p in enumerate(p_values) if p is not None and not math.isnan(p)]
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for done, (p_value, position) in enumerate(sorted(tested)):
        largest = max(largest, min(p_value * (len(tested) - done), 1.0))
        adjusted[position] = largest
    return Discoveries(adjusted, [None if p is None else p <= level for p in adjusted])
