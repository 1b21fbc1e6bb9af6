from __future__ import annotations

from decimal import Decimal


def plain_number(value: Decimal | None) -> str:
    """For a field, a file or the audit log: without the zeros at its end, and never as 1E+3."""
    return "" if value is None else f"{value.normalize():f}"


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
