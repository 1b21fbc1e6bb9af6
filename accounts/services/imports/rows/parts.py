"""What an import keeps of its rows, a batch at a time: packed, in order."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Import, ImportPart

Kind = ImportPart.Kind
Item = list[Any]


def keep(row: Import, kind: ImportPart.Kind, items: Sequence[Sequence[object]]) -> None:
    if items:
        ImportPart.objects.create(of=row, kind=kind, data=_packed(items))


def items(row: Import, kind: ImportPart.Kind) -> Iterator[Item]:
    """One part in memory at a time."""
    for part in row.parts.filter(kind=kind).iterator(chunk_size=1):
        yield from unpacked(part)


def forget(imports: Collection[int], *, kinds: Collection[ImportPart.Kind] = tuple(Kind)) -> None:
    ImportPart.objects.filter(of__in=imports, kind__in=kinds).delete()


@dataclass(frozen=True, slots=True)
class Searched:
    """Which parts were read up to when, and which of them hold what was sought."""

    last: int
    # Imports that may write on, with parts that took their number before and come to light later.
    running: frozenset[int]
    found: frozenset[int]

    @property
    def rest(self) -> Q:
        return Q(pk__in=self.found) | Q(pk__gt=self.last) | Q(of__in=self.running)


def search(wanted: Callable[[Item], bool], *, running: QuerySet[Import]) -> Searched:
    """Reads all there is, one part in memory at a time; best with no transaction open."""
    at_work = frozenset(running.values_list("pk", flat=True))
    last, found = 0, set()
    for part in ImportPart.objects.order_by("pk").iterator(chunk_size=10):
        last = part.pk
        if any(map(wanted, unpacked(part))):
            found.add(part.pk)
    return Searched(last, at_work, frozenset(found))


def forget_items(names_one: Callable[[Item], bool], *, among: Q | None = None) -> None:
    """Without the items of which that is true; an import that cannot be taken back as a whole any
    more cannot be taken back."""
    some = ImportPart.objects.filter(among or Q()).order_by("pk")
    for part in some.select_for_update(of=("self",)).iterator(chunk_size=10):
        found = unpacked(part)
        kept = [each for each in found if not names_one(each)]
        if len(kept) == len(found):
            continue
        if part.kind == Kind.UNDO:
            forget([part.of_id], kinds=[Kind.UNDO])
        else:
            ImportPart.objects.filter(pk=part.pk).update(data=_packed(kept))


def _packed(items: Sequence[Sequence[object]]) -> bytes:
    return zlib.compress(json.dumps(items, ensure_ascii=False, default=str).encode(), level=1)


def unpacked(part: ImportPart) -> list[Item]:
    found: list[Item] = json.loads(zlib.decompress(part.data))
    return found
