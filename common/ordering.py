"""Sorting by what may not be known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Item = TypeVar("Item")


def known_first(
    items: Iterable[Item], *, value: Callable[[Item], Any], falling: bool
) -> list[Item]:
    """By value; where it is the same, or None, as they come. What is not known comes last."""
    known: list[tuple[Any, Item]] = []
    unknown: list[Item] = []
    for item in items:
        found = value(item)
        if found is None:
            unknown.append(item)
        else:
            known.append((found, item))
    known.sort(key=lambda pair: pair[0], reverse=falling)
    return [item for _, item in known] + unknown
