"""Scheduled imports: each is claimed, its file fetched with no transaction open, then settled.

A claim moves `next_at` on by a lease; what a killed worker had in hand is fetched once more. A file
that was fetched before is not brought in again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO

from django.core.files.base import File
from django.db.models import QuerySet

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.scheduling import RETRY_AFTER, TOLD_AGAIN_AFTER, TRIES
from accounts.domain.reasons import Reason, ReasonCode, reason
from accounts.models import Import, ScheduledImport
from accounts.services.imports import uploads
from accounts.services.imports.forgetting import ACTIVE
from accounts.services.imports.remote.downloads import NotFetched, Version, download, place_of
from accounts.services.imports.remote.scheduled import next_time

LEASE = dt.timedelta(minutes=10)
WENT_IN = (*ACTIVE, Import.State.COLUMNS, Import.State.DONE)
Clock = Callable[[], dt.datetime]
logger = logging.getLogger(__name__)


def due_fetches(*, now: dt.datetime) -> list[int]:
    due = ScheduledImport.objects.filter(is_on=True, next_at__lte=now).order_by("next_at", "pk")
    return list(due.values_list("pk", flat=True))


def fetch(pk: int, *, clock: Clock) -> Import | None:
    """The import that its file became, where there was a file that is new."""
    row = _claimed(pk, now=clock())
    if row is None:
        return None
    with TemporaryFile() as file:
        try:
            found = download(place_of(row), _known(row), into=file, now=clock())
        except NotFetched as fault:
            _failed(row, fault.reason, may_pass=fault.may_pass, now=clock())
            return None
        except Exception as error:  # A fault of ours must not hold up the others.
            logger.exception("scheduled import %s could not be fetched", pk)
            why = reason(ReasonCode.FETCH_UNREACHABLE, detail=type(error).__name__)
            _failed(row, why, may_pass=True, now=clock())
            return None
        return _arrived(row, found, file, now=clock())


def _claimed(pk: int, *, now: dt.datetime) -> ScheduledImport | None:
    rows = ScheduledImport.objects.select_related("last_import", "told", "created_by")
    row = rows.filter(pk=pk).first()
    if row is None:  # Deleted meanwhile.
        return None
    claim = ScheduledImport.objects.filter(pk=pk, is_on=True, next_at=row.next_at, next_at__lte=now)
    row.next_at = now + LEASE
    return row if claim.update(next_at=row.next_at) else None


def _mine(row: ScheduledImport) -> QuerySet[ScheduledImport]:
    """While nobody edited, switched off or took it up meanwhile."""
    return ScheduledImport.objects.filter(pk=row.pk, is_on=True, next_at=row.next_at)


def _is_wanted_again(row: ScheduledImport) -> bool:
    """By somebody who asks for a file that was fetched before and did not go in."""
    last = row.last_import
    return row.by_hand and (last is None or last.state not in WENT_IN)


def _known(row: ScheduledImport) -> Version:
    return Version() if _is_wanted_again(row) else Version(row.etag, row.modified)


def _arrived(
    row: ScheduledImport, found: Version | None, file: IO[bytes], *, now: dt.datetime
) -> Import | None:
    if not _mine(row).exists():
        return None
    settled: dict[str, object] = {"failures": 0, "fault": [], "told": None}
    brought = None
    if found is not None:
        settled |= {"etag": found.etag, "modified": found.modified}
        digest = _digest(file)
        if digest != row.digest or _is_wanted_again(row):
            brought = _bring_in(row, file)
            settled |= {"digest": digest, "fetched_at": now, "last_import": brought}
    _dismiss(row, now=now)
    _settle(row, next_at=next_time(row, now=now), now=now, **settled)
    return brought


def _bring_in(row: ScheduledImport, file: IO[bytes]) -> Import:
    return uploads.accept(
        File(file, name=row.name),
        kind=FileKind(row.kind),
        dry_run=False,
        skip_bad_rows=row.skip_bad_rows,
        by=row.created_by,
        now=None,
    )


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def _failed(row: ScheduledImport, why: Reason, *, may_pass: bool, now: dt.datetime) -> None:
    """Told at once, or after a few tries where the next one may go well."""
    failures = row.failures + 1
    again = may_pass and failures < TRIES
    told = row.told
    if not again and _mine(row).exists() and _is_news(row, why, now=now):
        _dismiss(row, now=now)
        told = uploads.refuse_without_file(
            FileKind(row.kind), row.name, why, by=row.created_by, now=now
        )
    _settle(
        row,
        next_at=now + RETRY_AFTER if again else next_time(row, now=now),
        now=now,
        failures=failures if again else 0,
        fault=[why.code, dict(why.params)],
        told=told,
    )


def _dismiss(row: ScheduledImport, *, now: dt.datetime) -> None:
    """What was told is over, or told in other words."""
    if row.told is not None:
        uploads.dismiss(row.told.pk, now=now)


def _is_news(row: ScheduledImport, why: Reason, *, now: dt.datetime) -> bool:
    if row.told is None or row.told.created_at < now - TOLD_AGAIN_AFTER:
        return True
    return [code for _line, _field, code, _params in row.told.errors] != [why.code]


def _settle(row: ScheduledImport, *, now: dt.datetime, **values: object) -> None:
    _mine(row).update(tried_at=now, by_hand=False, **values)
