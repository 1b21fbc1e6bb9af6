"""How `calculate` reads a cell: each refusal says what was read, and what to write instead."""

from __future__ import annotations

import datetime as dt
import math

from accounts.domain.imports.cells.calendars import read_month
from accounts.domain.reasons import Refused

MOST = 1e15
MOST_OF_A_KIND = 200_000
YES, NO = {"1", "true", "yes", "1.0"}, {"0", "false", "no", "0.0"}


class Wrong(ValueError):
    """A cell that cannot be read; `str()` says why and what to write."""


def number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not abs(found) < MOST:
        raise Wrong(f"{text!r} is not a number; write one such as 12.5.")
    return found


def amount(text: str) -> float:
    found = number(text)
    if found < 0:
        raise Wrong(f"{text!r} is below 0; write 0 or more.")
    return found


def score(text: str) -> int:
    found = _whole(text)
    if found is None or not 0 <= found <= 10:
        raise Wrong(f"{text!r} is not a score; write a whole number from 0 to 10.")
    return found


def count(text: str) -> int:
    found = _whole(text)
    if found is None or not 0 <= found <= MOST_OF_A_KIND:
        raise Wrong(f"{text!r} is not a count; write a whole number from 0 to {MOST_OF_A_KIND:,}.")
    return found


def flag(text: str) -> bool:
    said = text.lower()
    if said not in YES | NO:
        raise Wrong(f"{text!r} is neither yes nor no; write 1 or 0.")
    return said in YES


def day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{text!r} is not a day; write 2026-04-30.") from None


def month(text: str) -> dt.date:
    """Its first day."""
    try:
        return read_month(text)
    except Refused:
        raise Wrong(f"{text!r} is not a month; write 2026-04.") from None


def _whole(text: str) -> int | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return int(found) if found.is_integer() and abs(found) < MOST else None
