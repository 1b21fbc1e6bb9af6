"""Many rows that a program brings, through the importers of files: all of them, or none.

Facts of customers that nobody has named wait for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.services.access.audit import record_event
from accounts.services.imports.programs.groups import WAITS, Given, Group, grouped, read, write
from accounts.services.imports.programs.waiting import (
    bring_in_waiting,
    forget_overtaken,
    keep_waiting,
)
from common.resilience.retry import in_transaction


@dataclass(slots=True)
class Brought:
    received: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    waiting: int = 0
    errors: Sequence[RowError] = ()

    @property
    def refused(self) -> int:
        return len({each.line for each in self.errors})


def bring_in_rows(
    kind: FileKind,
    rows: Sequence[Given],
    *,
    now: dt.datetime,
    source: str,
    skip_bad_rows: bool = False,
) -> Brought:
    """Nothing is written where a row is bad, unless bad rows may be skipped."""
    work = partial(_bring_in, kind, rows, now=now, source=source, skips=skip_bad_rows)
    return in_transaction(work)


def _bring_in(
    kind: FileKind, rows: Sequence[Given], *, now: dt.datetime, source: str, skips: bool
) -> Brought:
    groups, errors = grouped(kind, rows, now=now)
    seen: dict[object, tuple[int, object]] = {}
    for group in groups:
        read(group, now=now, seen=seen)
        errors += group.errors
    found = Brought(len(rows), errors=sorted(errors, key=lambda each: each.line))
    if errors and not skips:
        return found
    if kind in WAITS:
        # What waited was said before; after this it would take its place.
        bring_in_waiting(now=now, of=_customers(groups))
    for group in groups:
        forget_overtaken(group)
        created, updated = write(group, now=now)
        found.created += created
        found.updated += updated
        found.waiting += keep_waiting(group, now=now)
    if kind is FileKind.CUSTOMERS:
        bring_in_waiting(now=now, of=_customers(groups))
    if found.created or found.updated:
        _note(kind, found, now=now, source=source)
    found.unchanged = len(rows) - found.created - found.updated - found.waiting - found.refused
    return found


def _customers(groups: Sequence[Group]) -> list[str]:
    return [row.customer_id for group in groups for _, row in group.good]  # type: ignore[union-attr]


def _note(kind: FileKind, found: Brought, *, now: dt.datetime, source: str) -> None:
    counts = {
        "created": found.created,
        "updated": found.updated,
        "unchanged": found.unchanged,
        "bad": found.refused,
    }
    record_event(AuditAction(f"import.{kind}"), actor=None, now=now, target=source, **counts)
