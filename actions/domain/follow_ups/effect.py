"""Whether following up goes along with better outcomes: within strata, with an interval.

It is no trial: who is followed up was chosen. Strata take out what they hold and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analytics.domain.statistics.interval import CONFIDENCE
from analytics.domain.statistics.student import t_quantile

# Of each kind; with fewer nothing is said.
LEAST = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A customer: in which stratum, followed up or not, and what came of it."""

    stratum: str
    followed_up: bool
    value: float


class Effect(NamedTuple):
    """Followed up against not; `difference` within strata, None where too little is known."""

    followed_up: int
    others: int
    mean_followed_up: float | None
    mean_others: float | None
    difference: float | None
    low: float | None
    high: float | None


def effect(cases: Iterable[Case], *, is_share: bool) -> Effect:
    """The differences of the strata, weighted as Mantel and Haenszel do: n1 n0 / (n1 + n0).

    Each kind has one variance over all strata (Welch 1938 for the degrees of freedom); that of a
    share is never 0, as one success and one failure more would have it (Agresti and Caffo 2000).
    """
    known = list(cases)
    ones, zeros = ([each for each in known if each.followed_up is kind] for kind in (True, False))
    pairs = _pairs(known)
    one, other = (_mean([each.value for each in group]) for group in (ones, zeros))
    sizes = [sum(len(pair[side]) for pair in pairs) for side in (0, 1)]
    if min(sizes, default=0) < LEAST:
        return Effect(len(ones), len(zeros), one, other, None, None, None)
    weights = [len(a) * len(b) / (len(a) + len(b)) for a, b in pairs]
    total = sum(weights)
    difference = (
        sum(
            weight * (math.fsum(a) / len(a) - math.fsum(b) / len(b))
            for weight, (a, b) in zip(weights, pairs, strict=True)
        )
        / total
    )
    parts = [
        _variance([pair[side] for pair in pairs], is_share=is_share)
        * sum(w**2 / len(pair[side]) for w, pair in zip(weights, pairs, strict=True))
        / total**2
        for side in (0, 1)
    ]
    freedom = [max(size - len(pairs), 1) for size in sizes]
    spread = sum(part**2 / each for part, each in zip(parts, freedom, strict=True))
    welch = int(sum(parts) ** 2 / spread) if spread else min(freedom)
    half = t_quantile(CONFIDENCE, freedom=max(welch, 1)) * math.sqrt(sum(parts))
    low, high = difference - half, difference + half
    return Effect(len(ones), len(zeros), one, other, difference, low, high)


def _pairs(cases: Sequence[Case]) -> list[tuple[list[float], list[float]]]:
    """The values of both kinds by stratum; a stratum with one kind compares nothing."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for each in cases:
        pair = found.setdefault(each.stratum, ([], []))
        pair[0 if each.followed_up else 1].append(each.value)
    return [pair for _, pair in sorted(found.items()) if pair[0] and pair[1]]


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _variance(cells: Sequence[Sequence[float]], *, is_share: bool) -> float:
    number = sum(len(cell) for cell in cells)
    if is_share:
        share = (math.fsum(math.fsum(cell) for cell in cells) + 1) / (number + 2)
        return share * (1 - share)
    squares = math.fsum(
        (value - math.fsum(cell) / len(cell)) ** 2 for cell in cells for value in cell
    )
    return squares / max(number - len(cells), 1)


def bands(amounts: Sequence[float | None], *, number: int = 3) -> list[str]:
    """Of each amount in which of so many equally large bands it is; unknown is its own."""
    known = sorted(amount for amount in amounts if amount is not None)
    edges = [known[len(known) * place // number] for place in range(1, number)] if known else []
    return [
        "unknown" if amount is None else str(sum(amount >= edge for edge in edges))
        for amount in amounts
    ]
