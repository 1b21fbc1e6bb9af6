"""Whether following up goes along with better outcomes: within strata, with an interval.

Where who is followed up was chosen, strata take out what they hold and nothing else; where a
hold-out drew them, there is nothing to take out and the strata only sharpen the interval.
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
# So many customers with the share of all strata are added to a stratum, for its variance alone.
DRAWN_IN = 2
Pair = tuple[list[float], list[float]]
Cells = Sequence[Sequence[float]]


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
    """Both kinds side by side, and their difference within strata."""
    known = list(cases)
    kinds = [[each.value for each in known if each.followed_up is kind] for kind in (True, False)]
    one, other = (math.fsum(values) / len(values) if values else None for values in kinds)
    beside = Effect(len(kinds[0]), len(kinds[1]), one, other, None, None, None)
    pairs = _pairs(known)
    if min((sum(len(pair[side]) for pair in pairs) for side in (0, 1)), default=0) < LEAST:
        return beside
    difference, low, high = _difference(pairs, is_share=is_share)
    return beside._replace(difference=difference, low=low, high=high)


def _pairs(cases: Sequence[Case]) -> list[Pair]:
    """The values of both kinds by stratum; a stratum with one kind compares nothing."""
    found: dict[str, Pair] = {}
    for each in cases:
        pair = found.setdefault(each.stratum, ([], []))
        pair[0 if each.followed_up else 1].append(each.value)
    return [pair for _, pair in sorted(found.items()) if pair[0] and pair[1]]


def _difference(pairs: Sequence[Pair], *, is_share: bool) -> tuple[float, float, float]:
    """The differences of the strata, weighted as Mantel and Haenszel do: n1 n0 / (n1 + n0).

    Student's t with Welch's degrees of freedom (1938). The interval of shares stands around where
    one success and one failure more of each kind would put them (Agresti and Caffo 2000).
    """
    weights = [len(a) * len(b) / (len(a) + len(b)) for a, b in pairs]
    weights = [each / math.fsum(weights) for each in weights]
    kinds = ([a for a, _ in pairs], [b for _, b in pairs])
    means = [
        math.fsum(w * _mean(cell) for w, cell in zip(weights, cells, strict=True))
        for cells in kinds
    ]
    parts = [_error(cells, weights, is_share=is_share) for cells in kinds]
    freedom = [max(sum(map(len, cells)) - len(cells), 1) for cells in kinds]
    spread = sum(part**2 / each for part, each in zip(parts, freedom, strict=True))
    welch = int(sum(parts) ** 2 / spread) if spread else min(freedom)
    half = t_quantile(CONFIDENCE, freedom=max(welch, 1)) * math.sqrt(sum(parts))
    centre = means[0] - means[1]
    if is_share:
        centre += _drawn_in(kinds[0]) - _drawn_in(kinds[1])
    return means[0] - means[1], centre - half, centre + half


def _error(cells: Cells, weights: Sequence[float], *, is_share: bool) -> float:
    """The squared error of the weighted mean of one kind."""
    variances = _of_shares(cells) if is_share else [_of_scores(cells)] * len(cells)
    return math.fsum(
        weight**2 * variance / len(cell)
        for weight, variance, cell in zip(weights, variances, cells, strict=True)
    )


def _of_scores(cells: Cells) -> float:
    """One variance over all strata."""
    squares = math.fsum((value - _mean(cell)) ** 2 for cell in cells for value in cell)
    return squares / max(sum(map(len, cells)) - len(cells), 1)


def _of_shares(cells: Cells) -> list[float]:
    """Of each stratum, whose share is drawn in to that of its kind: so it is never 0."""
    number = sum(map(len, cells))
    share = (math.fsum(map(math.fsum, cells)) + 1) / (number + 2)
    drawn = [(math.fsum(cell) + DRAWN_IN * share) / (len(cell) + DRAWN_IN) for cell in cells]
    return [each * (1 - each) for each in drawn]


def _drawn_in(cells: Cells) -> float:
    """By how much one success and one failure more move the share of a kind."""
    number, won = sum(map(len, cells)), math.fsum(map(math.fsum, cells))
    return (won + 1) / (number + 2) - won / number


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def bands(amounts: Sequence[float | None], *, number: int = 3) -> list[str]:
    """Of each amount in which of so many equally large bands it is; unknown is its own."""
    known = sorted(amount for amount in amounts if amount is not None)
    edges = [known[len(known) * place // number] for place in range(1, number)] if known else []
    return [
        "unknown" if amount is None else str(sum(amount >= edge for edge in edges))
        for amount in amounts
    ]
