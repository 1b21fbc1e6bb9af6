"""What is known of imports no longer than it is needed: their files, their errors, their rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Import, ImportPart
from accounts.services.imports.rows import parts

State = Import.State
ACTIVE = (State.WAITING, State.RUNNING, State.STOPPING, State.UNDOING)
KEPT_FOR = dt.timedelta(days=7)
# What was wrong with a file quotes it: addresses, names.
ERRORS_KEPT_FOR = dt.timedelta(days=30)


def forget_what_is_old(*, now: dt.datetime) -> None:
    """Files that were checked and never brought in hold personal data, so they do not stay."""
    for row in _with_file().filter(created_at__lt=now - KEPT_FOR):
        forget_file(row)
    ended = Import.objects.exclude(Q(errors=[]) | Q(state__in=ACTIVE))
    ended.filter(created_at__lt=now - ERRORS_KEPT_FOR).update(errors=[])
    with_parts = Import.objects.filter(Exists(ImportPart.objects.filter(of=OuterRef("pk"))))
    old = with_parts.filter(created_at__lt=now - ERRORS_KEPT_FOR).exclude(state__in=ACTIVE)
    parts.forget(list(old.values_list("pk", flat=True)))


@dataclass(frozen=True, slots=True)
class Search:
    """Where somebody known by these names stands in what imports keep."""

    names: frozenset[str]
    parts: parts.Searched


def search_person(names: Collection[str]) -> Search:
    """Beforehand, with no transaction open: to read all parts of a month takes long."""
    wanted = _wanted(names)
    running = Import.objects.filter(state__in=ACTIVE)
    return Search(wanted, parts.search(lambda item: _names_any(item, wanted), running=running))


def forget_person(names: Collection[str], *, search: Search | None = None) -> None:
    """Of somebody known by these addresses and names: no file that may hold them, no error.

    A file of which nobody can say whether they are in it goes too; it can be uploaded again. After
    a `search` for these names only the parts that it found, and later ones, are read.
    """
    for row in _with_file():
        forget_file(row)
    wanted = _wanted(names)
    for row in Import.objects.exclude(errors=[]).select_for_update():
        kept = [error for error in row.errors if not _names_any(error, wanted)]
        if len(kept) < len(row.errors):
            Import.objects.filter(pk=row.pk).update(errors=kept)
    among = search.parts.rest if search and wanted <= search.names else None
    parts.forget_items(lambda item: _names_any(item, wanted), among=among)


def _wanted(names: Collection[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names if name)


def _names_any(error: list[object], wanted: Collection[str]) -> bool:
    text = json.dumps(error, ensure_ascii=False).lower()
    return any(json.dumps(name, ensure_ascii=False)[1:-1] in text for name in wanted)


def forget_file(row: Import) -> None:
    if not row.path:  # a command's file is not ours
        return
    default_storage.delete(row.path)
    Import.objects.filter(pk=row.pk).update(path="")


def _with_file() -> QuerySet[Import]:
    return Import.objects.exclude(Q(path="") | Q(state__in=ACTIVE))
