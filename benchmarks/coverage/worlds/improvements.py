"""Customers for whom something was changed, and others: the interval of the effect."""

from __future__ import annotations

from collections.abc import Iterator

from actions.domain.improvements import difference_in_differences
from analytics.domain.metrics.estimates import change_of_share
from analytics.domain.statistics.interval import Change
from benchmarks.coverage.worlds.metrics import ALIKE, DRAWS, Sizes, owners_of, units_of
from benchmarks.coverage.worlds.world import Drawn, Rng, World, one_by_one

# Of both groups, and of the one that was touched besides.
TREND, EFFECT = -0.06, 0.09


def effect(rng: Rng, *, touched: Sizes, untouched: Sizes) -> Drawn:
    changes = [
        _change(rng, touched, rate=0.45, move=TREND + EFFECT),
        _change(rng, untouched, rate=0.6, move=TREND),
    ]
    known = [each for each in changes if each is not None]
    if len(known) < len(changes):
        return None
    found = difference_in_differences(known[0], untouched=known[1])
    return found.low, found.high, EFFECT


def _change(rng: Rng, sizes: Sizes, *, rate: float, move: float) -> Change | None:
    """The same customers before and after; the chance of each stays inside 0 and 1."""
    now, before = (owners_of(rng, *sizes) for _ in range(2))
    spread = (1 - ALIKE) / ALIKE
    own = 0.1 + 0.8 * rng.beta(rate * spread, (1 - rate) * spread, now.max() + 1)
    return change_of_share(units_of(rng, now, own + move), units_of(rng, before, own))


def worlds() -> Iterator[World]:
    for touched, untouched in (((20, 2, 5), (60, 2, 5)), ((60, 1, 3), (140, 1, 3))):
        kind = f"{touched[0]} customers beside {untouched[0]}, correlation below {ALIKE:g}"
        draw = one_by_one(effect, touched=touched, untouched=untouched)
        yield World("Effect of an improvement", kind, draw, draws=2 * DRAWS)
