"""The kept counts: folded from the ledger bit by bit, or rebuilt from the responses."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Min

from analytics.counting.cells.answers import Change, cells_of_changes, unfolded_changes
from analytics.counting.cells.invitations import (
    Span,
    closed_until,
    counted,
    late_answers,
    moved_months,
)
from analytics.counting.cells.responses import Block, cells_of_responses
from analytics.domain.answers.cells import Cells, folded, packed, totals_of, unpacked
from analytics.domain.answers.rates import asked
from analytics.domain.answers.rates.asked import Asked, whatever_day
from analytics.domain.periods import ONE_DAY, Period, month_of
from analytics.models import CellBlock, InvitationBlock
from analytics.queries.database.clock import bounds, day_of
from surveys.domain.states import InvitationState
from surveys.models import Invitation, ResponseChange

FOLD_AT_ONCE = 20_000
_LOCK = 5_174_930_113


def fold(*, limit: int = FOLD_AT_ONCE) -> int:
    """Move changes of the ledger into the cells; how many were moved."""
    with counting_lock(), transaction.atomic():
        ids = list(
            ResponseChange.objects.filter(folded=False)
            .order_by("pk")
            .values_list("pk", flat=True)[:limit]
        )
        if not ids:
            return 0
        changes = unfolded_changes(ResponseChange.objects.filter(pk__gte=ids[0], pk__lte=ids[-1]))
        for block, cells in cells_of_changes(changes).items():
            add_to_block(block, cells)
        _fold_into_invitations(changes)
        _mark_folded([each.pk for each in changes])
    return len(changes)


def fold_all() -> int:
    total = 0
    while moved := fold():
        total += moved
    return total


def rebuild() -> int:
    """Rebuild every block from the counted answers; how many answers there are."""
    with counting_lock(), _write_snapshot():
        CellBlock.objects.all().delete()
        InvitationBlock.objects.all().delete()
        ResponseChange.objects.filter(folded=False).update(folded=True)
        counted = 0
        for block, cells in cells_of_responses():
            _block(block, cells).save(force_insert=True)
            counted += int(cells.counts.sum())
    return counted


def close_invitations(*, now: dt.datetime, months: int = 3) -> int:
    """Count the mails sent since the last time, newest month first; how many months had to wait.

    A large import makes many months be counted again: a tick does some, the next one the others.
    """
    with counting_lock(), _write_snapshot():
        changes = unfolded_changes()
        earliest = Invitation.objects.aggregate(first=Min("sent_at"))["first"]
        if earliest is None or moved_months(changes) != set():
            return 0
        until, first = closed_until(now), day_of(earliest).replace(day=1)
        known = counted_moments()
        waiting = [
            (month.start, span)
            for month in _months_back(day_of(until), first=first)
            if (span := _uncounted(month, known.get(month.start), until=until))
        ]
        for month_start, span in waiting[:months]:
            _count_into_block(month_start, span, changes)
    return max(len(waiting) - months, 0)


def _months_back(day: dt.date, *, first: dt.date) -> Iterator[Period]:
    month = month_of(day)
    while month.start >= first:
        yield month
        month = month_of(month.start - ONE_DAY)


def _uncounted(month: Period, known: dt.datetime | None, *, until: dt.datetime) -> Span | None:
    start, end = bounds(month)
    start, end = known or start, min(end, until)
    return (start, end) if start < end else None


def _count_into_block(month: dt.date, span: Span, changes: Sequence[Change]) -> None:
    """What the ledger has not been folded of will be added later: here it is taken away."""
    rows = counted([span], state=InvitationState.SENT)
    before = late_answers(changes, until={month: span[0]})
    later = late_answers(changes, until={month: span[1]})
    stored = InvitationBlock.objects.filter(month=month)
    if not len(rows) and stored.update(until=span[1]):
        return
    block = stored.first() or InvitationBlock(month=month)
    block.until = span[1]
    _write_invitations(block, [rows, before, replace(later, answered=-later.answered)])


def _fold_into_invitations(changes: Sequence[Change]) -> None:
    moved = moved_months(changes)
    blocks = InvitationBlock.objects.all()
    (blocks if moved is None else blocks.filter(month__in=moved)).delete()
    add_to_invitations(late_answers(changes, until=counted_moments()))


def recount_month(moment: dt.datetime) -> None:
    """A mail that was sent then is counted as sent from now on: the month's block is not true.

    Belongs inside the transaction that changed the mail.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    InvitationBlock.objects.filter(month=day_of(moment).replace(day=1)).delete()


def counted_moments() -> dict[dt.date, dt.datetime]:
    """By month, up to when its mails are in a block."""
    return dict(InvitationBlock.objects.values_list("month", "until"))


def add_to_invitations(rows: Asked) -> None:
    """By day, of mails that are counted in a block."""
    months = rows.days.astype("datetime64[D]").astype("datetime64[M]")
    for month in np.unique(months):
        block = InvitationBlock.objects.get(month=month.astype("datetime64[D]").item())
        _write_invitations(block, [rows.chosen(months == month)])


def _write_invitations(block: InvitationBlock, rows: Sequence[Asked]) -> None:
    """Add rows to a block. The totals are always made from the days."""
    days = asked.folded([unpacked(bytes(block.days), of=Asked), *rows])
    block.days = packed(days)
    block.totals = packed(whatever_day(days))
    block.digest = _digest(block.days)
    block.save()


def add_to_block(block: Block, cells: Cells) -> None:
    month, campaign, language = block
    found = CellBlock.objects.filter(month=month, campaign=campaign, language=language).first()
    if found is None:
        _block(block, folded([cells])).save(force_insert=True)
        return
    cells = folded([unpacked(bytes(found.cells), of=Cells), cells])
    CellBlock.objects.filter(pk=found.pk).update(**columns_of(cells, month=month))


def _block(block: Block, cells: Cells) -> CellBlock:
    month, campaign, language = block
    return CellBlock(
        month=month, campaign_id=campaign, language=language, **columns_of(cells, month=month)
    )


def columns_of(cells: Cells, *, month: dt.date) -> dict[str, Any]:
    """All that a block holds, from its cells, so that one cannot say other than another."""
    data, counted = packed(cells), cells.days[cells.counts > 0]
    return {
        "cells": data,
        "totals": packed(totals_of(cells)),
        "digest": _digest(data),
        "answers": int(cells.counts.sum()),
        "last_on": month.replace(day=int(counted.max())) if len(counted) else None,
    }


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def _mark_folded(ids: list[int]) -> None:
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        ResponseChange.objects.filter(pk__in=chunk).update(folded=True)


@contextmanager
def counting_lock() -> Iterator[None]:
    """One process counts at a time. SQLite has one writer anyhow."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with suppress(Exception), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@contextmanager
def _write_snapshot() -> Iterator[None]:
    """What is marked as folded and what is counted must be the same moment of the ledger."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


__all__ = [
    "add_to_block",
    "add_to_invitations",
    "close_invitations",
    "columns_of",
    "counted_moments",
    "counting_lock",
    "fold",
    "fold_all",
    "rebuild",
    "recount_month",
]
