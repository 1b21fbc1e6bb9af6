"""Keeping the score cells: folded from the ledger bit by bit, or made anew from the responses."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast

import numpy as np
import pandas as pd
from django.db import connection, transaction
from django.db.models import Min

from analytics.domain.cells import STAND_IN, Cells, folded, packed, unpacked
from analytics.domain.periods import add_months
from analytics.models import CellBlock, InvitationBlock
from analytics.queries.answers import cells_of_changes, unfolded_changes
from analytics.queries.clock import Epoch, day_of, zone
from analytics.queries.invitations import changed_months, count_month
from surveys.models import Invitation, Response, ResponseChange

FOLD_AT_ONCE = 20_000
# Bounces and events of providers have come by then; late answers announce themselves.
OPEN_MONTHS = 1
_LOCK = 5_174_930_113

Block = tuple[dt.date, int, str]


def fold(*, limit: int = FOLD_AT_ONCE) -> int:
    """Move changes of the ledger into the cells; how many were moved."""
    with alone(), transaction.atomic():
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
        stale = changed_months(changes)
        blocks = InvitationBlock.objects.all()
        (blocks if stale is None else blocks.filter(month__in=stale)).delete()
        _mark_folded([each.pk for each in changes])
    return len(changes)


def fold_all() -> int:
    total = 0
    while moved := fold():
        total += moved
    return total


def rebuild() -> int:
    """Make every block anew from the counted answers; how many answers there are."""
    with alone(), _one_snapshot():
        CellBlock.objects.all().delete()
        InvitationBlock.objects.all().delete()
        ResponseChange.objects.filter(folded=False).update(folded=True)
        blocks = dict(_cells_of_responses())
        CellBlock.objects.bulk_create(
            [_block(block, cells) for block, cells in blocks.items()], batch_size=20
        )
    return sum(int(cells.counts.sum()) for cells in blocks.values())


def close_months(*, today: dt.date, limit: int = 3) -> int:
    """Count the invitations of months that are over, newest first; how many were counted."""
    with alone(), transaction.atomic():
        earliest = Invitation.objects.aggregate(first=Min("sent_at"))["first"]
        if earliest is None:
            return 0
        month = add_months(today.replace(day=1), months=-OPEN_MONTHS)
        missing: list[dt.date]
        start, missing = day_of(earliest).replace(day=1), []
        known = set(InvitationBlock.objects.values_list("month", flat=True))
        while month >= start and len(missing) < limit:
            if month not in known:
                missing.append(month)
            month = add_months(month, months=-1)
        InvitationBlock.objects.bulk_create(
            [InvitationBlock(month=each, counts=count_month(each)) for each in missing]
        )
    return len(missing)


def add_to_block(block: Block, cells: Cells) -> None:
    month, campaign, language = block
    found = CellBlock.objects.filter(month=month, campaign=campaign, language=language).first()
    if found is None:
        _block(block, folded([cells])).save(force_insert=True)
        return
    data = packed(folded([unpacked(bytes(found.cells)), cells]))
    CellBlock.objects.filter(pk=found.pk).update(cells=data, digest=_digest(data))


def _block(block: Block, cells: Cells) -> CellBlock:
    month, campaign, language = block
    data = packed(cells)
    return CellBlock(
        month=month, campaign_id=campaign, language=language, cells=data, digest=_digest(data)
    )


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def _mark_folded(ids: list[int]) -> None:
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        ResponseChange.objects.filter(pk__in=chunk).update(folded=True)


def _cells_of_responses() -> Iterator[tuple[Block, Cells]]:
    rows = _response_rows()
    if rows.empty:
        return
    days = pd.to_datetime(rows["epoch"], unit="s", utc=True).dt.tz_convert(zone())
    rows["month"] = days.dt.year * 12 + days.dt.month - 1
    rows["day"] = days.dt.day
    unknown = rows["customer"].isna()
    rows["place"] = rows["customer"].where(~unknown, rows["respondent"] + int(STAND_IN))
    for key, part in rows.groupby(["month", "campaign", "language"]):
        number, campaign, language = cast("tuple[int, int, str]", key)
        cells = Cells(
            part["place"].to_numpy(np.uint32),
            part["profile"].fillna(0).to_numpy(np.uint32),
            np.ones(len(part), dtype=np.int32),
            part["day"].to_numpy(np.uint8),
            part["score"].to_numpy(np.uint8),
        )
        month = dt.date(int(number) // 12, int(number) % 12 + 1, 1)
        yield (month, int(campaign), str(language)), folded([cells])


def _response_rows() -> pd.DataFrame:
    columns = {
        "epoch": "epoch",
        "campaign": "invitation__campaign_id",
        "language": "invitation__language",
        "profile": "invitation__profile_id",
        "respondent": "invitation__respondent_id",
        "customer": "invitation__respondent__customer_id",
        "score": "score",
    }
    counted = Response.objects.counted().order_by().annotate(epoch=Epoch("answered_at"))
    rows = counted.values_list(*columns.values())
    return pd.DataFrame.from_records(list(rows), columns=list(columns))


@contextmanager
def alone() -> Iterator[None]:
    """One keeper of the cells at a time. SQLite has one writer anyhow."""
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
def _one_snapshot() -> Iterator[None]:
    """What is marked as folded and what is counted must be the same moment of the ledger."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


__all__ = ["add_to_block", "alone", "close_months", "fold", "fold_all", "rebuild"]
