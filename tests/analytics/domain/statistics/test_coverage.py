"""The published table of coverage, and that it can be made."""

from __future__ import annotations

from benchmarks import coverage


def published() -> list[list[str]]:
    text = coverage.PAGE.read_text(encoding="utf-8")
    table = text.partition(coverage.START)[2].partition(coverage.END)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_every_world_is_published_and_none_is_far_from_what_it_promises():
    rows = published()

    assert [row[:2] for row in rows] == [[each.interval, each.world] for each in coverage.worlds()]
    for interval, world, _, held, _ in rows:
        assert 92 <= float(held.removesuffix(" %")) <= 97.5, (interval, world)


def test_every_world_can_be_drawn():
    for number, world in enumerate(coverage.worlds()):
        share, count = coverage.observed(world, draws=20, number=number)
        assert count > 15, world
        assert share > 0.6, world
