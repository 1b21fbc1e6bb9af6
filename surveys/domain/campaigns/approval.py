"""When a launch takes two people."""

from __future__ import annotations


def takes_two(people: int, *, above: int | None) -> bool:
    """`above`: how many the organisation lets one person ask; None: as many as there are."""
    return above is not None and people > above
