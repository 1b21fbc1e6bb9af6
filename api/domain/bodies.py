"""What stands in a request: JSON, or a form whose names have Rails' brackets."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

MOST_FIELDS = 1000
_DEEPEST = 4


class Unreadable(ValueError):
    """The body is not what it says it is."""


def read_body(body: bytes, content_type: str) -> dict[str, Any]:
    """Empty where there is none. A body without a type is read as what it looks like."""
    text = _decoded(body)
    if not text.strip():
        return {}
    if "form-urlencoded" in content_type and not text.lstrip().startswith("{"):
        return read_form(text)
    if "json" in content_type or text.lstrip().startswith("{"):
        return _read_json(text)
    if content_type:
        raise Unreadable("Send JSON or application/x-www-form-urlencoded.")
    return read_form(text)


def read_form(text: str) -> dict[str, Any]:
    """`a=1&b[]=2&c[d]=3` as {"a": "1", "b": ["2"], "c": {"d": "3"}}."""
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise Unreadable("Too many fields.") from None
    found: dict[str, Any] = {}
    for name, value in pairs:
        _put(found, _path(name), value)
    return found


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The body is not UTF-8.") from None


def _read_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None
    if not isinstance(found, dict):
        raise Unreadable("The body is not a JSON object.")
    return found


def _path(name: str) -> list[str]:
    """`a[b][]` as ["a", "b", ""]; what has no such form is a name."""
    start, opened, rest = name.partition("[")
    if not start or not opened or not rest.endswith("]"):
        return [name]
    return [start, *rest[:-1].split("][")][:_DEEPEST]


def _put(found: dict[str, Any], path: list[str], value: str) -> None:
    name, *rest = path
    if not rest:
        found[name] = value
    elif rest == [""]:
        values = found.setdefault(name, [])
        if isinstance(values, list):
            values.append(value)
    else:
        inner = found.setdefault(name, {})
        if isinstance(inner, dict):
            _put(inner, rest, value)
