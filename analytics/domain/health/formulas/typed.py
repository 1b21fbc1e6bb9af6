"""A formula as it is typed: fields that have the names of their places in the JSON.

What cannot be read stays as it was typed, so that nothing is lost and its fault stands at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

LISTS = ("measures", "caps", "bands")
NUMBERS = frozenset(
    {"min_known_share", "too_new_days", "window_days", "max_age_days", "weight", "at_most", "from"}
)
SCOPE = "applies_to."
_NUMBER = r"[-−+]?[\d.]+(?:e[-+]?\d+)?"
_KNOT = re.compile(rf"\s*({_NUMBER})\s*(?:→|->|:|=|\s)\s*({_NUMBER})\s*")
_ROW = re.compile(r"(\w+)\[(\d{1,3})\]\.(\w+)")


def definition_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """The JSON; what is empty is left out."""
    found: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in LISTS}
    for place, text in typed.items():
        text = text.strip()
        row = _ROW.fullmatch(place)
        if not text:
            continue
        if row and row[1] in rows:
            rows[row[1]].setdefault(int(row[2]), {})[row[3]] = _read(row[3], text)
        elif place.startswith(SCOPE):
            scope = found.setdefault("applies_to", {})
            scope[place.removeprefix(SCOPE)] = [
                each.strip() for each in text.splitlines() if each.strip()
            ]
        elif not row:
            found[place] = _read(place, text)
    lists = {name: [each[number] for number in sorted(each)] for name, each in rows.items()}
    # What a cap is for is not typed.
    lists["caps"] = [each for each in lists["caps"] if "at_most" in each]
    return found | {name: each for name, each in lists.items() if each}


def typed_of(definition: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields."""
    return dict(_typed("", definition))


def _typed(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _typed(f"{place}.{key}" if place else key, each)
    elif place.startswith(SCOPE):
        yield place, "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    elif isinstance(value, list) and place in LISTS:
        for number, each in enumerate(value):
            yield from _typed(f"{place}[{number}]", each)
    elif isinstance(value, list):
        yield place, ", ".join(_knot_text(each) for each in value)
    else:
        yield place, str(value)


def _knot_text(knot: Any) -> str:
    return " → ".join(map(str, knot)) if isinstance(knot, list) else str(knot)


def _read(key: str, text: str) -> Any:
    if key in NUMBERS:
        return _number(text)
    if key == "points" and any(sign.isdigit() for sign in text):
        return [_knot(each) for each in re.split(r"[,;\n]", text) if each.strip()]
    return text


def _knot(text: str) -> Any:
    pair = _KNOT.fullmatch(text)
    return [_number(pair[1]), _number(pair[2])] if pair else text.strip()


def _number(text: str) -> Any:
    plain = text.replace("−", "-").replace(",", "")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError:
        return text
