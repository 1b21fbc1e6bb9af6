"""What the metrics shall be: who has the goals says it, reports ask."""

from __future__ import annotations

from decimal import Decimal

from django.utils.module_loading import import_string

_reader = ""


def targets_read_by(path: str) -> None:
    """`path`: dotted; imported when it is first asked for."""
    global _reader
    _reader = path


def known_targets() -> dict[str, Decimal]:
    """By the key of the metric."""
    found: dict[str, Decimal] = import_string(_reader)()
    return found
