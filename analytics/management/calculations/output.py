"""What `calculate` prints: JSON, or a table for the eye."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any


def as_json(figures: dict[str, Any]) -> str:
    return json.dumps(figures, indent=2, allow_nan=False, ensure_ascii=False)


def as_table(figures: dict[str, Any]) -> str:
    return "\n".join(_lines(figures, heading=""))


def _lines(figures: dict[str, Any], *, heading: str) -> Iterator[str]:
    """The single figures first, then what has figures of its own."""
    simple = {name: value for name, value in figures.items() if not _has_own(value)}
    if heading and simple:
        yield heading
    width = max((len(name) for name in simple), default=0)
    for name, value in simple.items():
        yield f"{name:{width}}  {_text(value)}"
    for name, value in figures.items():
        title = f"{heading} / {name}" if heading else name
        if isinstance(value, dict):
            yield ""
            yield from _lines(value, heading=title)
        elif _has_own(value):
            yield ""
            yield title
            yield from _columns(value)


def _has_own(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


def _columns(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    table = [list(rows[0]), *([_text(value) for value in row.values()] for row in rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    for row in table:
        yield "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return "  ".join(_text(each) for each in value)
    # Six significant digits are what is published; -0 is 0.
    return f"{value + 0.0:.6g}" if isinstance(value, float) else str(value)
