"""Whether what was said of a target came true: by the figure of the weeks after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# A status is said every four weeks, of the twelve that end with its day.
EVERY = timedelta(days=28)
SPAN = timedelta(days=84)


@dataclass(frozen=True, slots=True)
class Said:
    day: date
    metric: str
    target: float
    value: float | None
    # met, missed or open.
    status: str
    # The figure of the weeks after the day; None: they are not over, or it is not known.
    later: float | None = None
    came_true: bool | None = None


def is_due(day: date, *, last: date | None) -> bool:
    return last is None or last + EVERY <= day


def graded(said: Said, *, after: Sequence[Said], at_most: bool) -> Said:
    """`after` is what was said later of the same metric, the earliest first: the first whose weeks
    lie behind the day has the figure that decides. What was left open foretold nothing."""
    later = next((each.value for each in after if each.day >= said.day + SPAN), None)
    reached = None if later is None else (later <= said.target if at_most else later >= said.target)
    foretold = {"met": True, "missed": False}.get(said.status)
    true = None if reached is None or foretold is None else reached is foretold
    return Said(said.day, said.metric, said.target, said.value, said.status, later, true)
