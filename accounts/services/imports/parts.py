"""What an import keeps of its rows, a batch at a time: packed, in order."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

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


def forget_items(names_one: Callable[[Item], bool]) -> None:
    """Without the items of which that is true; an import that cannot be taken back as a whole any
    more cannot be taken back."""
    for part in ImportPart.objects.select_for_update().iterator(chunk_size=10):
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
