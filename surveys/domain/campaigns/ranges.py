"""Whom a campaign asks by numbers and dates, and which columns are offered for what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from accounts.domain.segments import number_in


class Kind(StrEnum):
    """What of a column can be chosen."""

    VALUES = "values"
    NUMBER = "number"
    DATE = "date"
    # Notes and ids: nobody chooses people by these.
    NOTHING = "nothing"


# As many boxes as somebody looks through; of numbers fewer are clearer as a span.
MOST_VALUES = 40
MOST_NUMBERS = 6
# Longer texts are sentences.
LONGEST_VALUE = 60
# A value of nearly everybody's own names somebody, or says something of one.
FEW = 12
OWN_SHARE = 0.8


def kind_of(values: Sequence[str], *, rows: int) -> Kind:
    """`values`: those that occur, without repetition, as far as they were read."""
    known = [value for value in values if value]
    if known and all(day_in(value) for value in known):
        return Kind.DATE
    if len(known) > MOST_NUMBERS and all(number_in(value) is not None for value in known):
        return Kind.NUMBER
    if len(known) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in known):
        return Kind.NOTHING
    is_own = len(known) > FEW and len(known) >= OWN_SHARE * rows
    return Kind.NOTHING if is_own else Kind.VALUES


def day_in(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included, of numbers or of days; None: without that end."""

    low: Decimal | dt.date | None = None
    high: Decimal | dt.date | None = None

    def holds(self, text: str) -> bool:
        """What is not known lies in no range."""
        of_days = isinstance(self.low or self.high, dt.date)
        value: Decimal | dt.date | None = day_in(text) if of_days else number_in(text)
        if value is None:
            return False
        # Both ends are of one kind.
        return (self.low is None or self.low <= value) and (  # type: ignore[operator]
            self.high is None or value <= self.high  # type: ignore[operator]
        )


def ranges_from(stored: Mapping[str, Mapping[str, str]]) -> dict[str, Range]:
    """Of `{"_mrr": {"from": "1000"}, "started_on": {"from": "2026-01-01", "to": "…"}}`."""
    return {
        name: Range(_end(ends.get("from", "")), _end(ends.get("to", "")))
        for name, ends in stored.items()
        if ends.get("from") or ends.get("to")
    }


def _end(text: str) -> Decimal | dt.date | None:
    return day_in(text) or number_in(text)
