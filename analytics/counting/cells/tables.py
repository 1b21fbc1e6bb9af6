"""Packed columns as a process has unpacked them: a table per digest, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from analytics.domain.answers.cells import AnyTable, Table
from analytics.queries.database.cache import BoundedCache

_MEGABYTE = 1 << 20
# Under the digest of a block, and what was made of it.
_tables: BoundedCache[Table] = BoundedCache(size=256 * _MEGABYTE)


class Digested(Protocol):
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Content:
    """Of several blocks together."""

    digest: str


AnyBlock = TypeVar("AnyBlock", bound=Digested)


def cached_tables(
    blocks: Sequence[AnyBlock],
    what: str,
    make: Callable[[Sequence[AnyBlock]], Iterable[tuple[str, AnyTable]]],
) -> list[AnyTable]:
    """A table per block; `make` gives those that are missing, each under its digest."""
    found: dict[str, Any] = {each.digest: _tables.get(f"{each.digest} {what}") for each in blocks}
    missing = [each for each in blocks if found[each.digest] is None]
    for digest, table in make(missing) if missing else ():
        _tables.put(f"{digest} {what}", table, size=table.size)
        found[digest] = table
    if any(each is None for each in found.values()):
        raise RuntimeError("The kept counts were not read in one moment.")
    return [found[each.digest] for each in blocks]
