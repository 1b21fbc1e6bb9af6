"""Files that staff upload: kept until a worker has brought them in, then gone.

The row is the truth and the task may be lost: what nobody enqueued, or whose worker was killed, is
found again by the tick. Doing an import twice changes nothing, so taking it up again is safe.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import uuid
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from accounts.domain.imports.cells import Cell, as_text
from accounts.domain.imports.changes import CellChange
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import Reason, ReasonCode, reason
from accounts.models import Import, ImportPart, StaffUser
from accounts.services.imports import parts
from accounts.services.imports.reading.files import MAX_UPLOAD_ROWS, FileRefused
from accounts.services.imports.running import Options, Tally, import_file

MAX_ERRORS = 1000
ACTIVE = (Import.State.WAITING, Import.State.RUNNING)
# A running import moves at least once a batch; one that stood still this long lost its worker.
STUCK_AFTER = dt.timedelta(minutes=5)
# A file that costs a worker its life would cost every other worker theirs, and all mail with them.
TIMES_TAKEN_UP = 3
KEPT_FOR = dt.timedelta(days=7)
# What was wrong with a file quotes it: addresses, names.
ERRORS_KEPT_FOR = dt.timedelta(days=30)

COUNTS = ("created", "updated", "unchanged", "bad_rows", "emptied")

Clock = Callable[[], dt.datetime]
logger = logging.getLogger(__name__)


def accept(
    upload: File[bytes], *, kind: FileKind, dry_run: bool, skip_bad_rows: bool, by: StaffUser
) -> Import:
    """Keep the file under a name of ours and queue it."""
    given = Path((upload.name or "").replace("\0", "")).name
    path = default_storage.save(f"imports/{uuid.uuid4().hex}", upload)
    return Import.objects.create(
        kind=kind,
        file_name=given[:255],
        path=path,
        dry_run=dry_run,
        skip_bad_rows=skip_bad_rows,
        created_by=by,
    )


def go_ahead(pk: int) -> bool:
    """After a check only: bring the good rows of the same file in, of which the page told.

    False when its file is gone or it runs.
    """
    checked = Import.objects.filter(pk=pk, dry_run=True).exclude(Q(path="") | Q(state__in=ACTIVE))
    counts = ("rows_read", *COUNTS, "times_taken_up")
    fresh = dict.fromkeys(counts, 0)
    return bool(
        checked.update(
            dry_run=False,
            skip_bad_rows=Case(When(bad_rows__gt=0, then=True), default=F("skip_bad_rows")),
            state=Import.State.WAITING,
            rows_total=None,
            errors=[],
            **fresh,
        )
    )


def leave(pk: int) -> bool:
    """After a check: the file is not brought in, and nothing of it stays."""
    checked = Import.objects.filter(pk=pk, dry_run=True, state=Import.State.DONE)
    if not checked.update(state=Import.State.LEFT, errors=[]):
        return False
    forget_file(Import.objects.get(pk=pk))
    parts.forget([pk])
    return True


def run(pk: int, *, clock: Clock) -> None:
    """Claim the import, bring its file in, record what became of it.

    While another one runs it waits for the tick after: the other workers are there for the mail.
    """
    now = clock()
    claim = Import.objects.filter(~Exists(_running(now)), pk=pk, state=Import.State.WAITING)
    again = F("times_taken_up") + 1
    fresh = dict.fromkeys(("rows_read", *COUNTS), 0)
    if not claim.update(
        state=Import.State.RUNNING,
        progress_at=now,
        errors=[],
        times_taken_up=again,
        rows_total=None,
        **fresh,
    ):
        return
    row = Import.objects.get(pk=pk)
    parts.forget([pk])
    recorder = _Recorder(row, clock)
    try:
        tally = _import(row, recorder, now=clock())
        row.state = _end_state(row, tally)
        recorder.take(tally)
    except FileRefused as fault:
        row.state = Import.State.REFUSED
        recorder.errors = [_stored(RowError(0, "", fault.reason))]
    except Exception:
        logger.exception("import %s failed", pk)
        row.state = Import.State.FAILED
    row.errors = recorder.errors
    row.finished_at = clock()
    row.save()
    if not row.dry_run:
        forget_file(row)


def due(*, now: dt.datetime) -> list[int]:
    """The imports a worker should take up, those of a killed worker among them."""
    stuck = Import.objects.filter(state=Import.State.RUNNING, progress_at__lt=now - STUCK_AFTER)
    for row in stuck.filter(times_taken_up__gte=TIMES_TAKEN_UP):
        _give_up(row, now=now)
    stuck.update(state=Import.State.WAITING)
    waiting = Import.objects.filter(state=Import.State.WAITING).order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def _running(now: dt.datetime) -> QuerySet[Import]:
    return Import.objects.filter(state=Import.State.RUNNING, progress_at__gte=now - STUCK_AFTER)


def _give_up(row: Import, *, now: dt.datetime) -> None:
    why = reason(ReasonCode.IMPORT_NEVER_ENDS, times=row.times_taken_up)
    mine = Import.objects.filter(pk=row.pk, state=Import.State.RUNNING, progress_at=row.progress_at)
    if mine.update(
        state=Import.State.FAILED, errors=[_stored(RowError(0, "", why))], finished_at=now
    ):
        logger.error("import %s is given up: %s", row.pk, why)
        forget_file(row)


def forget_what_is_old(*, now: dt.datetime) -> None:
    """Files that were checked and never brought in hold personal data, so they do not stay."""
    for row in _with_file().filter(created_at__lt=now - KEPT_FOR):
        forget_file(row)
    ended = Import.objects.exclude(Q(errors=[]) | Q(state__in=ACTIVE))
    ended.filter(created_at__lt=now - ERRORS_KEPT_FOR).update(errors=[])
    with_parts = Import.objects.filter(Exists(ImportPart.objects.filter(of=OuterRef("pk"))))
    old = with_parts.filter(created_at__lt=now - ERRORS_KEPT_FOR).exclude(state__in=ACTIVE)
    parts.forget(list(old.values_list("pk", flat=True)))


def forget_person(names: Collection[str]) -> None:
    """Of somebody known by these addresses and names: no file that may hold them, no error.

    A file of which nobody can say whether they are in it goes too; it can be uploaded again.
    """
    for row in _with_file():
        forget_file(row)
    wanted = [name.lower() for name in names if name]
    for row in Import.objects.exclude(errors=[]).select_for_update():
        kept = [error for error in row.errors if not _names_any(error, wanted)]
        if len(kept) < len(row.errors):
            Import.objects.filter(pk=row.pk).update(errors=kept)
    parts.forget_items(lambda item: _names_any(item, wanted))


def _names_any(error: list[object], wanted: Collection[str]) -> bool:
    text = json.dumps(error, ensure_ascii=False).lower()
    return any(json.dumps(name, ensure_ascii=False)[1:-1] in text for name in wanted)


def forget_file(row: Import) -> None:
    default_storage.delete(row.path)
    Import.objects.filter(pk=row.pk).update(path="")


def errors_of(row: Import) -> list[RowError]:
    return [
        RowError(line, field, reason_of(code, params)) for line, field, code, params in row.errors
    ]


def reason_of(code: str, params: dict[str, str]) -> Reason:
    return Reason(ReasonCode(code), tuple(params.items()))


def _with_file() -> QuerySet[Import]:
    return Import.objects.exclude(Q(path="") | Q(state__in=ACTIVE))


def _import(row: Import, recorder: _Recorder, *, now: dt.datetime) -> Tally:
    return import_file(
        Path(default_storage.path(row.path)),
        kind=FileKind(row.kind),
        options=Options(row.dry_run, row.skip_bad_rows, max_rows=MAX_UPLOAD_ROWS),
        now=now,
        listener=recorder,
        by=row.created_by,
        name=row.file_name,
    )


def _end_state(row: Import, tally: Tally) -> Import.State:
    header_is_bad = tally.refused and not tally.read
    if tally.refused and (header_is_bad or not row.dry_run):
        return Import.State.REFUSED
    return Import.State.DONE


def _stored(error: RowError) -> list[object]:
    return [error.line, error.field, error.reason.code, dict(error.reason.params)]


class _Recorder:
    """Writes how far the import is after each batch, where its page reads it."""

    def __init__(self, row: Import, clock: Clock) -> None:
        self.row = row
        self.clock = clock
        self.errors: list[list[object]] = []
        self._bad: list[list[object]] = []

    def opened(self, header: Sequence[str], titles: Sequence[Cell]) -> None:
        self.row.columns = [
            [name, as_text(title)] for name, title in zip(header, titles, strict=True)
        ]
        self.row.save(update_fields=["columns"])

    def error(self, error: RowError, cells: Sequence[Cell] = ()) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(_stored(error))
        self._bad.append([*_stored(error), [as_text(cell) for cell in cells]])

    def changed(self, changes: Sequence[CellChange]) -> None:
        parts.keep(self.row, parts.Kind.CHANGES, changes)

    def progress(self, tally: Tally) -> None:
        self.take(tally)
        parts.keep(self.row, parts.Kind.BAD, self._bad)
        self._bad = []
        self.row.progress_at = self.clock()
        self.row.save(
            update_fields=["rows_read", "rows_total", *COUNTS, "progress_at"],
        )

    def take(self, tally: Tally) -> None:
        self.row.rows_read, self.row.rows_total = tally.read, tally.total
        self.row.created, self.row.updated = tally.created, tally.updated
        self.row.unchanged, self.row.bad_rows = tally.unchanged, tally.bad
        self.row.emptied = tally.emptied
