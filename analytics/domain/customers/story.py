"""What changed at a customer: of its attributes, of its usage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

WINDOW = timedelta(days=28)
# From one window to the next: less than this is a matter of the weather.
LEAST_SHIFT = 0.3


class StoryKind(StrEnum):
    ANSWERS = "answers"
    SURVEYS = "surveys"
    CONTACTS = "contacts"
    EVENTS = "events"
    USAGE = "usage"
    REVENUE = "revenue"
    FACTS = "facts"
    HEALTH = "health"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Difference:
    name: str
    # None: not known.
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Shift:
    # The last day of the later window.
    day: date
    before: float
    after: float


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def steps(states: Sequence[tuple[date, Any]]) -> Iterator[tuple[date, Any, Any]]:
    """Each day on which something became another, with what it was before; oldest first."""
    for (_, before), (day, after) in pairwise(states):
        if before != after:
            yield day, before, after


def shifts(
    readings: Mapping[date, float], *, last: date, window: timedelta = WINDOW
) -> list[Shift]:
    """Of sums over windows back from the last day, those far from the sum before; newest first.

    A window without any reading is not known, and nothing is said of it.
    """
    if not readings:
        return []
    found, end = [], last
    while end - window >= min(readings):
        after, before = (_sum(readings, last=each, window=window) for each in (end, end - window))
        if after is not None and before is not None and _is_shift(before, after):
            found.append(Shift(end, before, after))
        end -= window
    return found


def _sum(readings: Mapping[date, float], *, last: date, window: timedelta) -> float | None:
    inside = [value for day, value in readings.items() if last - window < day <= last]
    return sum(inside) if inside else None


def _is_shift(before: float, after: float) -> bool:
    if before <= 0:
        return after > 0
    return abs(after / before - 1) >= LEAST_SHIFT
