"""`make coverage-of-intervals`: every interval that a page shows, on worlds whose truth is known.

Each world is drawn 10,000 times, or fewer where a draw takes long, goes through the functions that
the reports call, and the share of intervals that hold the truth is set beside the 95 % that they
promise. What a page withholds is left out here, too. The table goes into docs/statistics.md.
"""

from __future__ import annotations

import argparse
import math
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.coverage.worlds import (
    answers,
    customers,
    follow_ups,
    improvements,
    metrics,
    response_rates,
)
from benchmarks.coverage.worlds.world import LOWEST, MOST_DRAWS, World

PAGE = Path(__file__).resolve().parents[2] / "docs" / "statistics.md"
START, END = "<!-- coverage: written by make coverage-of-intervals -->\n", "<!-- end -->\n"
SEED = 20_261_128
# That a world which holds just as often as is still allowed is called outside.
CHANCE = 0.001


class Observed(NamedTuple):
    held: int
    of: int
    # Truths below the interval, and above it.
    below: int
    above: int

    @property
    def share(self) -> float:
        return self.held / self.of


def within(world: World, found: Observed) -> bool:
    """Whether the draws allow that it holds 93 to 97 % of the time, or up to its own bound."""
    missed = found.of - found.held
    return (
        binomial_tail(found.held, of=found.of, rate=world.highest) >= CHANCE
        and binomial_tail(missed, of=found.of, rate=1 - LOWEST) >= CHANCE
    )


def worlds() -> Iterator[World]:
    yield from answers.worlds()
    yield from response_rates.worlds()
    yield from customers.worlds()
    yield from metrics.worlds()
    yield from improvements.worlds()
    yield from follow_ups.worlds()


def observed(world: World, *, draws: int) -> Observed:
    # By its name: a world that is added changes no other one.
    name = zlib.crc32(f"{world.interval}: {world.world}".encode())
    drawn = world.draw(np.random.default_rng([SEED, name]), min(draws, world.draws))
    found = [
        (each[0], each[1], each[2])
        for each in drawn
        if each is not None and each[0] is not None and each[1] is not None
    ]
    low, high, true = (np.array(column, dtype=np.float64) for column in zip(*found, strict=True))
    below, above = int((true < low).sum()), int((true > high).sum())
    return Observed(len(found) - below - above, len(found), below, above)


def binomial_tail(count: int, *, of: int, rate: float) -> float:
    """P(that many or more of so many independent draws), each of this chance; exact."""
    log_chance, log_rest = math.log(rate), math.log1p(-rate)
    return math.fsum(
        math.exp(
            math.lgamma(of + 1)
            - math.lgamma(each + 1)
            - math.lgamma(of - each + 1)
            + each * log_chance
            + (of - each) * log_rest
        )
        for each in range(count, of + 1)
    )


def table(rows: Iterable[tuple[World, Observed]]) -> str:
    lines = [
        "| interval | world | promised | allowed | held | of | truth below | truth above |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each, found in rows:
        below, above = (100 * count / found.of for count in (found.below, found.above))
        allowed = f"{100 * LOWEST:g} to {100 * each.highest:g} %"
        lines.append(
            f"| {each.interval} | {each.world} | 95 % | {allowed} | {100 * found.share:.1f} % "
            f"| {found.of:,} | {below:.1f} % | {above:.1f} % |"
        )
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=MOST_DRAWS)
    draws = parser.parse_args(arguments).draws
    rows = []
    for world in worlds():
        found = observed(world, draws=draws)
        rows.append((world, found))
        verdict = "" if within(world, found) else "  outside"
        print(
            f"{world.interval:40} {world.world:50} {found.share:.3f} of {found.of}{verdict}",
            flush=True,
        )
    if draws == MOST_DRAWS:
        before, rest = PAGE.read_text(encoding="utf-8").split(START)
        PAGE.write_text(before + START + table(rows) + END + rest.split(END)[1], encoding="utf-8")
    return 0 if all(within(*each) for each in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
