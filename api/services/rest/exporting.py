"""Files that programs ask for, written by a worker.

The row is the truth: a task that is lost is found again by the tick, and a file of which a worker
was killed is begun anew.
"""

from __future__ import annotations

import csv
import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator
from tempfile import NamedTemporaryFile

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.file_columns import FileKind
from accounts.queries.exports import Line, exported
from accounts.services.access.audit import record_event
from api.domain.exports import (
    KEPT,
    MOST_AT_ONCE,
    MOST_KEPT,
    OPEN,
    SILENT,
    ExportKind,
    ExportState,
)
from api.models import ApiKey, Export
from config.celery import enqueue
from surveys.queries.answers.export import exported_responses
from surveys.queries.answers.responses import responses_of_all

FOLDER = "exports"
BEAT_ROWS = 20_000
Clock = Callable[[], dt.datetime]
logger = logging.getLogger(__name__)


class Busy(Exception):
    """The key has as many of them under way as it may."""


@transaction.atomic
def ask_for(kind: ExportKind, *, key: ApiKey, now: dt.datetime) -> Export:
    # Whoever asks with this key at the same moment counts this one, too.
    list(ApiKey.objects.filter(pk=key.pk).select_for_update(no_key=True).values_list("pk"))
    mine = Export.objects.filter(key=key)
    if mine.filter(state__in=OPEN).count() >= MOST_AT_ONCE:
        raise Busy
    for old in mine.exclude(state__in=OPEN).order_by("-pk")[MOST_KEPT - 1 :]:
        _forget(old)
    row = Export.objects.create(key=key, kind=kind, created_at=now)
    action = AuditAction(f"{kind}.export")
    record_event(action, actor=None, now=now, target="csv", key=key.shown, name=key.name)
    enqueue("api.tasks.write_export", row.pk)
    return row


def due(*, now: dt.datetime) -> list[int]:
    return list(Export.objects.filter(_free(now)).order_by("pk").values_list("pk", flat=True))


def write(pk: int, *, clock: Clock) -> bool:
    """False where another worker has it."""
    now = clock()
    mine = Export.objects.filter(_free(now), pk=pk)
    if not mine.update(state=ExportState.RUNNING, taken_at=now):
        return False
    try:
        _write(Export.objects.get(pk=pk), clock=clock)
    except Exception:
        logger.exception("Export %s failed.", pk)
        failed = {"state": ExportState.FAILED, "finished_at": clock()}
        # Not where another worker took it over and is done.
        Export.objects.filter(pk=pk, state=ExportState.RUNNING).update(**failed)
    return True


def _free(now: dt.datetime) -> Q:
    """Nobody's yet, or of a worker that died."""
    lost = Q(state=ExportState.RUNNING, taken_at__lt=now - SILENT)
    return Q(state=ExportState.WAITING) | lost


def _write(row: Export, *, clock: Clock) -> None:
    """On this machine first: the storage may be one that other machines read as well."""
    count = -1  # The header is no row.
    with NamedTemporaryFile("w+", encoding="utf-8", newline="", suffix=".csv") as file:
        writer = csv.writer(file)
        for count, line in enumerate(_lines(ExportKind(row.kind))):
            writer.writerow(line)
            if count % BEAT_ROWS == BEAT_ROWS - 1:
                Export.objects.filter(pk=row.pk).update(taken_at=clock())
        file.flush()
        with open(file.name, "rb") as whole:
            _keep(row, File(whole), rows=count, now=clock())


@transaction.atomic
def _keep(row: Export, file: File[bytes], *, rows: int, now: dt.datetime) -> None:
    """In one step: a file of which no row knew would stay for good."""
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", file)
    done = {"state": ExportState.DONE, "path": path, "rows": rows, "finished_at": now}
    if not Export.objects.filter(pk=row.pk, state=ExportState.RUNNING).update(**done):
        default_storage.delete(path)


def _lines(kind: ExportKind) -> Iterator[Line]:
    """In the columns of an import: brought in again it changes nothing."""
    if kind is ExportKind.RESPONSES:
        return exported_responses(responses_of_all().filter(suspect=False))
    return exported(FileKind(kind))


def forget_old(*, now: dt.datetime) -> None:
    for row in Export.objects.filter(created_at__lt=now - KEPT):
        _forget(row)


@transaction.atomic
def end_all(*, now: dt.datetime) -> None:
    """Somebody was erased: what was written, or begun, before names them.

    Whoever still wants a file asks anew; what waits is read from now on. A worker that is at one
    finds that it is no longer its own, and takes it back.
    """
    written = Export.objects.filter(state__in=(ExportState.RUNNING, ExportState.DONE))
    found = dict(written.select_for_update().values_list("pk", "path"))
    ended = {"state": ExportState.FAILED, "path": "", "rows": None, "finished_at": now}
    Export.objects.filter(pk__in=found).update(**ended)
    for path in filter(None, found.values()):
        default_storage.delete(path)


def _forget(row: Export) -> None:
    if row.path:
        default_storage.delete(row.path)
    row.delete()
