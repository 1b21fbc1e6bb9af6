"""Cells that a spreadsheet would run as a formula are shown as the text they are."""

from __future__ import annotations

# With the full-width forms that Excel takes for the same signs.
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTERS) else text
