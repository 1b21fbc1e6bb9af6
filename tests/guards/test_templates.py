"""Parts that stand many times on a page take what they show from where they are included.

Whatever else the page's context holds by then (the address of the cell before) is not theirs.
"""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PARTS = ("_figure_card", "_opens", "_response_rate", "_segment_row", "_so_far")
INCLUDE = re.compile(rf'include "analytics/({"|".join(PARTS)})\.html"([^%]*)%}}')


def included() -> list[tuple[str, str, str]]:
    return [
        (path.name, part, given)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for part, given in INCLUDE.findall(path.read_text(encoding="utf-8"))
    ]


def test_a_part_that_stands_in_many_cells_reads_nothing_that_it_is_not_given() -> None:
    leaking = [each for each in included() if not each[2].rstrip().endswith(" only")]

    assert leaking == []
    assert {part for _, part, _ in included()} == set(PARTS)
