"""The description of the API as the rows of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]
# A limit that nobody comes to.
_ENDLESS = 10**9
_REF = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class FieldRow:
    name: str
    kind: str
    needed: bool
    said: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    said: str
    roles: tuple[str, ...]
    parameters: tuple[FieldRow, ...]
    body: tuple[FieldRow, ...]
    # Of the whole body, where it is no object: an array of such rows.
    many: bool
    answer: tuple[FieldRow, ...]
    example: str = ""


@dataclass(slots=True)
class Part:
    name: str
    operations: list[Operation] = field(default_factory=list)


def parts_of(described: Plain) -> list[Part]:
    """The operations by what they are about, in the order of the description."""
    parts: dict[str, Part] = {}
    for path, methods in described["paths"].items():
        for method, found in methods.items():
            [name] = found.get("tags") or [""]
            part = parts.setdefault(name, Part(name))
            part.operations.append(_operation(method.upper(), path, found, described))
    return list(parts.values())


def _operation(method: str, path: str, found: Plain, described: Plain) -> Operation:
    body = _content(found.get("requestBody", {}))
    schema = _resolved(body, described)
    many = schema.get("type") == "array"
    if many:
        schema = _resolved(schema["items"], described)
    ok = next(each for status, each in found["responses"].items() if status < "300")
    return Operation(
        id=found["operationId"],
        method=method,
        path=path,
        summary=found["summary"],
        said=_plain(found.get("description", "")),
        roles=tuple(found.get("x-roles", ())),
        parameters=tuple(_parameters(found["parameters"], described)),
        body=tuple(_fields(schema, described)),
        many=many,
        answer=tuple(_fields(_resolved(_content(ok), described), described)),
        example=_example(body.get("examples", [])),
    )


def _example(examples: list[Any]) -> str:
    return json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else ""


def _content(holder: Plain) -> Plain:
    found = holder.get("content", {}).get("application/json", {})
    schema: Plain = found.get("schema", {})
    return schema


def _resolved(schema: Plain, described: Plain) -> Plain:
    while ref := schema.get("$ref"):
        schema = described["components"]["schemas"][ref.removeprefix(_REF)]
    return schema


def _parameters(given: list[Plain], described: Plain) -> Iterator[FieldRow]:
    for each in given:
        schema = each["schema"]
        kind = _kind(schema, described)
        name = each["name"] if each["in"] != "header" else f"{each['name']}:"
        said = _plain(each.get("description", ""))
        yield FieldRow(name, kind, bool(each.get("required")), said)


def _fields(schema: Plain, described: Plain) -> Iterator[FieldRow]:
    """Of a body of several shapes the fields of all of them."""
    shapes = [_resolved(each, described) for each in schema.get("anyOf", [schema])]
    fields: Plain = {}
    for shape in shapes:
        for name, each in shape.get("properties", {}).items():
            fields.setdefault(name, []).append(each)
    for name, found in fields.items():
        said = [each.get("description") for each in found]
        said += [_resolved(each, described).get("description") for each in found]
        kinds = dict.fromkeys(_kind(each, described) for each in found)
        needed = all(name in shape.get("required", ()) for shape in shapes)
        yield FieldRow(name, " | ".join(kinds), needed, _plain(next(filter(None, said), "")))


def _plain(text: str) -> str:
    """A description is Markdown, whose only signs here are those around code."""
    return text.replace("`", "")


def _kind(schema: Plain, described: Plain) -> str:
    schema = _resolved(schema, described)
    if kinds := schema.get("anyOf"):
        found = dict.fromkeys(_kind(each, described) for each in kinds)
        # Every whole number is a number.
        return " | ".join(each for each in found if each != "integer" or "number" not in found)
    if values := schema.get("enum"):
        return " | ".join(map(str, values))
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("format") or schema.get("type", "")
    kind = " | ".join(kind) if isinstance(kind, list) else str(kind)
    if kind == "array":
        return f"[{_kind(schema.get('items', {}), described)}]"
    limits = [schema[name] for name in ("minimum", "maximum") if name in schema]
    says_something = limits and max(limits) < _ENDLESS
    return f"{kind} {'–'.join(map(str, limits))}" if says_something else kind
