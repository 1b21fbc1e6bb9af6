"""Ids in the Delighted dialect: texts of digits.

Rows that came from Delighted keep theirs; our own begin far above any that Delighted gave out.
"""

from __future__ import annotations

from typing import NamedTuple

OWN_FROM = 10**12


class RowId(NamedTuple):
    """How a row is found: by its own key, or by the id that it came with."""

    pk: int | None
    kept_id: int | None


def shown_id(pk: int, kept_id: int | None) -> str:
    return str(OWN_FROM + pk if kept_id is None else kept_id)


def row_id(shown: str) -> RowId | None:
    """None where it is the id of nothing."""
    if not (shown.isascii() and shown.isdigit() and len(shown) <= 18):
        return None
    number = int(shown)
    return RowId(number - OWN_FROM, None) if number >= OWN_FROM else RowId(None, number)
