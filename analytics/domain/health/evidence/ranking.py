"""Whether those who left were ranked below those who stayed.

AUC after Mann and Whitney: the share of pairs of one observation day, one that left and one that
stayed, in which the one that left was worse; ties count half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.domain.health.evidence.observations import Observations
from analytics.domain.health.facts.series import Values
from analytics.domain.health.scoring import Flags
from analytics.domain.statistics.interval import Interval

DRAWS = 2000
SEED = 20_260_101
_CHUNK = 250
_TAIL = 2.5


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of one predictor: how many, how many it gets right, and whose they are."""

    observations: int
    right: float
    number: float
    # By customer: right ones and all of those that it is one of the two of. Both are counted for
    # either of the two, so they add up to twice the totals.
    right_of: Values
    number_of: Values

    @property
    def auc(self) -> float | None:
        return self.right / self.number if self.number else None


def pairs_of(values: Values, *, rows: Observations, customers: int) -> Pairs:
    known = ~np.isnan(values)
    right_of, number_of = np.zeros(customers), np.zeros(customers)
    right = number = 0.0
    for day in range(rows.number_of_days):
        chosen = np.flatnonzero(known & (rows.days == day))
        left = chosen[rows.left[chosen]]
        stayed = chosen[~rows.left[chosen]]
        by_left = _higher(values[left], among=values[stayed])
        by_stayed = len(left) - _higher(values[stayed], among=values[left])
        # On one day nobody is there twice.
        right_of[rows.customers[left]] += by_left
        right_of[rows.customers[stayed]] += by_stayed
        number_of[rows.customers[left]] += len(stayed)
        number_of[rows.customers[stayed]] += len(left)
        right += float(by_left.sum())
        number += len(left) * len(stayed)
    return Pairs(int(known.sum()), right, number, right_of, number_of)


def _higher(values: Values, *, among: Values) -> Values:
    """Of each value, how many of the others are higher; ties half."""
    others = np.sort(among)
    not_higher = np.searchsorted(others, values, side="right")
    lower = np.searchsorted(others, values, side="left")
    return len(others) - (not_higher + lower) / 2


def drawn_aucs(pairs: Sequence[Pairs], *, taking_part: Flags, draws: int = DRAWS) -> Values:
    """Bootstrap over customers: a row per draw, a column per predictor.

    A draw weighs each customer by how often it was drawn. The pairs weigh the product of both, of
    which the linear part is kept (Hajek's projection): what it leaves out is smaller than the
    interval by the square root of the number of those who left, and would cost hours.
    """
    drawn = np.flatnonzero(taking_part)
    right = np.stack([each.right_of[drawn] for each in pairs], axis=1)
    number = np.stack([each.number_of[drawn] for each in pairs], axis=1)
    whole = np.hstack([right, number])
    totals = whole.sum(axis=0) / 2
    sums = _drawn_sums(whole, draws=draws) - totals
    found_right, found_number = np.hsplit(sums, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(found_number > 0, found_right / found_number, np.nan)
    return np.clip(found, 0.0, 1.0)


def _drawn_sums(columns: Values, *, draws: int) -> Values:
    chance = np.random.default_rng(SEED)
    size = len(columns)
    found = []
    for start in range(0, draws, _CHUNK):
        number = min(_CHUNK, draws - start)
        weights = np.zeros((number, size))
        for row in weights:
            row += np.bincount(chance.integers(0, size, size), minlength=size)
        found.append(weights @ columns)
    return np.concatenate(found) if found else np.empty((0, columns.shape[1]))


def interval_of(draws: Values) -> Interval | None:
    known = draws[~np.isnan(draws)]
    if not len(known):
        return None
    low, high = np.percentile(known, [_TAIL, 100 - _TAIL])
    return Interval(float(low), float(high))


@dataclass(frozen=True, slots=True)
class WorstTenth:
    """Of each day the tenth with the lowest scores: of those who left, the share that was in it."""

    recall: float
    # How many times as often they left as all did.
    lift: float


def worst_tenth(scores: Values, *, rows: Observations) -> WorstTenth | None:
    """Who shares the score at the tenth's edge is in it by a half, a third, ..."""
    inside = np.zeros(len(rows))
    known = ~np.isnan(scores)
    for day in range(rows.number_of_days):
        chosen = np.flatnonzero(known & (rows.days == day))
        if len(chosen):
            inside[chosen] = _in_worst(scores[chosen], number=-(-len(chosen) // 10))
    left = float((known & rows.left).sum())
    if not left:
        return None
    caught = float(inside[rows.left & known].sum())
    overall = left / float(known.sum())
    return WorstTenth(caught / left, caught / float(inside.sum()) / overall)


def _in_worst(scores: Values, *, number: int) -> Values:
    edge = np.partition(scores, number - 1)[number - 1]
    below = scores < edge
    at_edge = scores == edge
    found: Values = below + at_edge * (number - below.sum()) / at_edge.sum()
    return found


def tenths(scores: Values, *, rows: Observations) -> NDArray[np.intp]:
    """0 for the lowest tenth of each day to 9 for the highest, -1 without a score."""
    found = np.full(len(rows), -1, dtype=np.intp)
    known = ~np.isnan(scores)
    for day in range(rows.number_of_days):
        chosen = np.flatnonzero(known & (rows.days == day))
        ordered = np.sort(scores[chosen])
        lower = np.searchsorted(ordered, scores[chosen], side="left")
        not_higher = np.searchsorted(ordered, scores[chosen], side="right")
        found[chosen] = np.minimum((lower + not_higher) * 5 // max(len(chosen), 1), 9)
    return found
