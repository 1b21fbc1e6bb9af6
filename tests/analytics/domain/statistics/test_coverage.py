"""The published table of coverage, and that it can be made."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from benchmarks.coverage import run as coverage


def published() -> list[list[str]]:
    text = coverage.PAGE.read_text(encoding="utf-8")
    table = text.partition(coverage.START)[2].partition(coverage.END)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_every_world_is_published_and_none_is_far_from_what_it_promises():
    rows = published()

    assert [row[:2] for row in rows] == [[each.interval, each.world] for each in coverage.worlds()]
    for row, world in zip(rows, coverage.worlds(), strict=True):
        held, below, above = (float(row[place].removesuffix(" %")) for place in (4, 6, 7))
        assert 92.5 <= held <= 100 * world.highest + 0.5, row
        assert held + below + above == pytest.approx(100, abs=0.2)


def test_few_worlds_may_hold_more():
    assert [each.world for each in coverage.worlds() if each.highest > 0.97] == [
        "10 x 10, other customers before",
        "5 x 20, other customers before",
        "40 customers x 1 wait",
    ]


def of_draws(held, *, of=10_000):
    return coverage.Observed(held, of, of - held, 0)


def test_a_world_is_judged_with_the_error_of_its_draws():
    """9,730 of 10,000 may come of 97 %, 9,760 hardly; of 2,000 draws, 97.6 % still may."""
    world = next(iter(coverage.worlds()))

    assert coverage.within(world, of_draws(9_730))
    assert not coverage.within(world, of_draws(9_760))
    assert coverage.within(world, of_draws(1_952, of=2_000))
    assert coverage.within(world, of_draws(9_240))
    assert not coverage.within(world, of_draws(9_210))


@pytest.mark.parametrize(
    ("count", "of", "rate"), [(9_760, 10_000, 0.97), (3, 20, 0.1), (0, 5, 0.5)]
)
def test_binomial_tail_equals_scipy(count, of, rate):
    assert coverage.binomial_tail(count, of=of, rate=rate) == pytest.approx(
        binom.sf(count - 1, of, rate), rel=1e-8
    )


def test_every_world_can_be_drawn():
    for world in coverage.worlds():
        found = coverage.observed(world, draws=20)
        assert found.of > 15, world
        assert found.share > 0.6, world
