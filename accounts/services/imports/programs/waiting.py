"""Facts of customers that nobody has named yet: kept for 30 days, and brought in with them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from functools import partial

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.domain.imports.file_columns import FileKind, ImportRow
from accounts.models import Customer, WaitingRow
from accounts.services.bulk import upsert
from accounts.services.imports.programs.groups import (
    WAITS,
    Group,
    group_of,
    in_parts,
    read,
    write,
)
from common.resilience.retry import in_transaction

KEPT = dt.timedelta(days=30)
TRIED_AGAIN = dt.timedelta(hours=1)
MOST_AT_ONCE = 10_000
UPDATED = ("customer_id", "mail_key", "header", "cells", "received_at", "next_at")


def keep_waiting(group: Group, *, now: dt.datetime) -> int:
    found = [
        WaitingRow(
            kind=group.kind,
            customer_id=getattr(row, "customer_id", ""),
            digest=_digest(group, row),
            mail_key=getattr(row, "mail_key", ""),
            header=list(group.header),
            cells=list(group.cells[line]),
            received_at=now,
            next_at=now,
        )
        for line, row in group.waiting
    ]
    for part in in_parts(found):
        upsert(part, unique=["kind", "digest"], update=UPDATED)
    return len(found)


def _digest(group: Group, row: ImportRow) -> str:
    return hashlib.sha256(repr(group.importer.key(row)).encode()).hexdigest()


def forget_overtaken(group: Group) -> None:
    """What waits still, and of which the rows that go in are the later word."""
    good = group.good if group.kind in WAITS else []
    for part in in_parts([_digest(group, row) for _, row in good]):
        WaitingRow.objects.filter(kind=group.kind, digest__in=part).delete()


def apply_waiting(*, now: dt.datetime) -> int:
    """The tick: what has its customer by now, and nobody waits for what came 30 days ago."""
    WaitingRow.objects.filter(received_at__lt=now - KEPT).delete()
    brought = 0
    while some := in_transaction(partial(bring_in_waiting, now=now)):
        brought += some
    return brought


def bring_in_waiting(*, now: dt.datetime, of: Collection[str] | None = None) -> int:
    """How many went in, at most `MOST_AT_ONCE`; in a transaction of the caller's."""
    rows = WaitingRow.objects.filter(next_at__lte=now, received_at__gte=now - KEPT)
    if of is None:
        known = Customer.objects.filter(customer_id=OuterRef("customer_id"))
        rows = rows.filter(Exists(known))
    else:
        rows = rows.filter(customer_id__in=of)
    groups: dict[tuple[str, tuple[str, ...]], list[WaitingRow]] = {}
    # The later one holds, where two say something of the same.
    for row in _locked(rows.order_by("received_at", "pk"))[:MOST_AT_ONCE]:
        groups.setdefault((row.kind, tuple(row.header)), []).append(row)
    return sum(_apply(kind, header, rows, now=now) for (kind, header), rows in groups.items())


def _locked(rows: QuerySet[WaitingRow]) -> QuerySet[WaitingRow]:
    """What another process has in hand is that one's."""
    return rows.select_for_update(skip_locked=connection.vendor == "postgresql")


def _apply(kind: str, header: tuple[str, ...], rows: list[WaitingRow], *, now: dt.datetime) -> int:
    group = group_of(FileKind(kind), header, now=now)
    group.cells = {row.pk: row.cells for row in rows}
    read(group, now=now, seen={})
    write(group, now=now)
    later = [line for line, _ in group.waiting] + [each.line for each in group.errors]
    WaitingRow.objects.filter(pk__in=later).update(next_at=now + TRIED_AGAIN)
    WaitingRow.objects.filter(pk__in=group.cells.keys() - set(later)).delete()
    return len(group.good)
