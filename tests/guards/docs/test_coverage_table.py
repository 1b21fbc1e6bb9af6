"""docs/statistics.md has a row for each world that the intervals are drawn on, and no other."""

from __future__ import annotations

from benchmarks.coverage.run import END, PAGE, START, worlds
from benchmarks.coverage.worlds.world import LOWEST


def test_each_world_has_its_row_with_what_it_is_allowed() -> None:
    table = PAGE.read_text(encoding="utf-8").split(START)[1].split(END)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]
    ]

    assert [[*row[:2], row[3]] for row in rows] == [
        [each.interval, each.world, f"{100 * LOWEST:g} to {100 * each.highest:g} %"]
        for each in worlds()
    ]
