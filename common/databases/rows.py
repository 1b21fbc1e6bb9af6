"""The rows of a table as every database gives them back, and a checksum that forgets their order.

Databases sort texts differently, keep decimals and JSON in other forms and fold `1.0` into `1`:
what is compared is the value that Koe reads.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

BATCH = 2_000
MODULUS = 2**256


class Checksum:
    """Of rows in whatever order: the sum of their digests."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Sequence[Any]) -> None:
        digest = hashlib.sha256(json.dumps([plain(each) for each in row]).encode()).digest()
        self._sum = (self._sum + int.from_bytes(digest)) % MODULUS
        self.rows += 1

    def __str__(self) -> str:
        return f"{self._sum:064x}"


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [each for each in model._meta.concrete_fields if not each.generated]


def rows_of(model: type[models.Model], *, using: str) -> Iterator[tuple[Any, ...]]:
    """In the order of their keys, so that each is read once and none is missed."""
    names = [each.attname for each in columns(model)]
    found = model._base_manager.using(using).order_by("pk").values_list(*names)
    yield from found.iterator(chunk_size=BATCH)


def checksum(model: type[models.Model], *, using: str) -> Checksum:
    found = Checksum()
    for row in rows_of(model, using=using):
        found.add(row)
    return found


def plain(value: Any) -> Any:
    """As JSON writes it, one way for each value."""
    match value:
        case bool() | None | str() | int():
            return value
        case float():
            return int(value) if value.is_integer() else value
        case bytes() | memoryview():
            return bytes(value).hex()
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat() if value.tzinfo else value.isoformat()
        case Decimal():
            return str(value.normalize())
        case dict():
            return {str(key): plain(each) for key, each in sorted(value.items())}
        case list() | tuple():
            return [plain(each) for each in value]
    return str(value)
