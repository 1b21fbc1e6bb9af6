"""Ids as an address or a form names them."""

from __future__ import annotations

# More digits than any id of a row has; reading thousands of them is refused by Python itself.
DIGITS = 18


def id_in(text: str | None) -> int | None:
    """The id; None where the text is none. No database has to read what anybody may write."""
    is_id = text and text.isascii() and text.isdecimal() and len(text) <= DIGITS
    return int(text) if text and is_id else None
