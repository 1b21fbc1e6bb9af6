"""Customers that were followed up and others: the interval of the difference, within strata.

Chosen: the large ones are followed up more often, and are better off by themselves. By lot: a fifth
is held out, and of the others seven in ten were reached; what is compared is how the lot fell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from actions.domain.follow_ups.effect import Case, effect
from benchmarks.coverage.worlds.world import Drawn, Rng, World, one_by_one

CHOSEN, BY_LOT, REACHED = (0.25, 0.5, 0.75), (0.8, 0.8, 0.8), 0.7
SPREAD = 2.2
DRAWS = 4_000


class Outcome(NamedTuple):
    name: str
    # Of the three bands, without a follow-up.
    levels: tuple[float, float, float]
    effect: float
    is_share: bool = True


OUTCOMES = (
    Outcome("retention, bands alike", (0.85, 0.9, 0.93), 0.05),
    Outcome("retention, bands far apart", (0.15, 0.5, 0.85), 0.1),
    Outcome("retention, no effect", (0.85, 0.9, 0.93), 0.0),
    Outcome("next score", (0.5, 1.5, 2.5), 0.8, is_share=False),
)


def chosen(rng: Rng, *, customers: int, outcome: Outcome) -> Drawn:
    return _drawn(rng, customers, outcome, shares=CHOSEN, reached=1)


def by_lot(rng: Rng, *, customers: int, outcome: Outcome) -> Drawn:
    return _drawn(rng, customers, outcome, shares=BY_LOT, reached=REACHED)


def _drawn(
    rng: Rng, customers: int, outcome: Outcome, *, shares: tuple[float, ...], reached: float
) -> Drawn:
    cases = []
    for band in rng.integers(0, 3, size=customers):
        one = bool(rng.random() < shares[band])
        level = outcome.levels[band] + outcome.effect * (one and rng.random() < reached)
        value = rng.random() < level if outcome.is_share else round(rng.normal(level, SPREAD))
        cases.append(Case(str(band), one, float(value)))
    found = effect(cases, is_share=outcome.is_share)
    return found.low, found.high, outcome.effect * reached


def worlds() -> Iterator[World]:
    for name, draw, sizes in (
        ("Effect of following up", chosen, (60, 150, 400)),
        ("The same with a hold-out", by_lot, (150, 400)),
    ):
        for customers in sizes:
            for outcome in OUTCOMES:
                once = one_by_one(draw, customers=customers, outcome=outcome)
                yield World(name, f"{customers} customers: {outcome.name}", once, draws=DRAWS)
