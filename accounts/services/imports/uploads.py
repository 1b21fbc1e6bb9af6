"""Files that staff upload: kept until a worker has brought them in, then gone.

The row is the truth and the task may be lost: what nobody enqueued, or whose worker was killed, is
found again by the tick. Doing an import twice changes nothing, so taking it up again is safe.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Case, Exists, F, Q, QuerySet, When

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import Reason, ReasonCode, reason
from accounts.models import Import, StaffUser
from accounts.services.access.audit import record_event
from accounts.services.imports.columns import SAMPLE_SECONDS, asks_first
from accounts.services.imports.forgetting import ACTIVE, forget_file
from accounts.services.imports.kinds.registry import importer_for
from accounts.services.imports.reading.files import MAX_UPLOAD_ROWS, FileRefused
from accounts.services.imports.recording import (
    COUNTS,
    Clock,
    Recorder,
    Stopped,
    beating,
    mine,
    stored,
)
from accounts.services.imports.remote.notifying import notify_if_long
from accounts.services.imports.rows import parts
from accounts.services.imports.running import Listener, Options, Tally, import_file
from accounts.services.imports.undo.whole import restore_if_possible, undo
from common.resilience.database import analyse_changed
from common.storage import local_copy

State = Import.State
# An import says every few seconds that it runs; one that is silent this long lost its worker.
STUCK_AFTER = dt.timedelta(seconds=45)
# A file that costs a worker its life would cost every other worker theirs, and all mail with them.
TIMES_TAKEN_UP = 3

logger = logging.getLogger(__name__)


def accept(
    upload: File[bytes],
    *,
    kind: FileKind,
    dry_run: bool,
    skip_bad_rows: bool,
    by: StaffUser | None,
    now: dt.datetime | None,
) -> Import:
    """Keep the file under a name of ours and queue it. `now`: None where nobody waits for it."""
    given = Path((upload.name or "").replace("\0", "")).name
    path = default_storage.save(f"imports/{uuid.uuid4().hex}", upload)
    seconds = None if now is None else SAMPLE_SECONDS
    return Import.objects.create(
        kind=kind,
        file_name=given[:255],
        path=path,
        dry_run=dry_run,
        skip_bad_rows=skip_bad_rows,
        created_by=by,
        state=State.COLUMNS if asks_first(path, kind, seconds=seconds) else State.WAITING,
        queued_at=now,
    )


def go_ahead(pk: int, *, now: dt.datetime) -> bool:
    """After a check only: bring the good rows of the same file in, of which the page told.

    False when its file is gone or it runs.
    """
    skips = Case(When(bad_rows__gt=0, then=True), default=F("skip_bad_rows"))
    return _take_again(pk, now=now, dry_run=False, skip_bad_rows=skips)


def count_zeros(pk: int, *, now: dt.datetime) -> bool:
    """After a check: ids that differ by leading zeros are of two customers; check it so."""
    return _take_again(pk, now=now, zeros_count=True)


def _take_again(pk: int, *, now: dt.datetime, **said: object) -> bool:
    checked = Import.objects.filter(pk=pk, dry_run=True).exclude(Q(path="") | Q(state__in=ACTIVE))
    fresh = dict.fromkeys(("rows_read", *COUNTS, "times_taken_up"), 0)
    again: dict[str, object] = {
        "state": State.WAITING,
        "rows_total": None,
        "errors": [],
        "queued_at": now,
    }
    return bool(checked.update(**fresh, **again, **said))


def leave(pk: int) -> bool:
    """After a check: the file is not brought in, and nothing of it stays."""
    checked = Import.objects.filter(pk=pk, dry_run=True, state=State.DONE)
    if not checked.update(state=State.LEFT, errors=[]):
        return False
    forget_file(Import.objects.get(pk=pk))
    parts.forget([pk])
    return True


def cancel(pk: int, *, now: dt.datetime) -> bool:
    """Nothing of it stays. False where it is over, or writes what cannot be taken back."""
    waiting = Import.objects.filter(pk=pk, state__in=[State.COLUMNS, State.WAITING])
    if waiting.update(state=State.LEFT, finished_at=now):
        forget_file(Import.objects.get(pk=pk))
        return True
    running = Import.objects.filter(pk=pk, state=State.RUNNING)
    if not importer_for(FileKind(Import.objects.get(pk=pk).kind)).can_be_undone:
        running = running.filter(Q(dry_run=True) | Q(rows_total__isnull=True))
    return bool(running.update(state=State.STOPPING))


def dismiss(pk: int, *, now: dt.datetime) -> None:
    """That it failed has been seen: it needs nobody's attention any more."""
    failed = Import.objects.filter(pk=pk, state__in=[State.REFUSED, State.FAILED])
    failed.filter(dismissed_at__isnull=True).update(dismissed_at=now)


def run(pk: int, *, clock: Clock) -> None:
    """What the import waits for: to be brought in, or taken back.

    While another one runs it waits for the tick after: the other workers are there for the mail.
    """
    if Import.objects.filter(pk=pk, state=State.UNDOING).exists():
        undo(pk, now=clock())
    elif row := _claimed(pk, now=clock()):
        with beating(row, clock):
            _bring_in(row, clock)


def _claimed(pk: int, *, now: dt.datetime) -> Import | None:
    claim = Import.objects.filter(~Exists(_running(now)), pk=pk, state=State.WAITING)
    fresh = dict.fromkeys(("rows_read", *COUNTS), 0)
    if not claim.update(
        state=State.RUNNING,
        progress_at=now,
        errors=[],
        times_taken_up=F("times_taken_up") + 1,
        rows_total=None,
        finished_at=None,
        **fresh,
    ):
        return None
    row = Import.objects.get(pk=pk)
    # What a killed worker wrote of it: the counts are those of the whole file again.
    restore_if_possible(row)
    parts.forget([pk], kinds=[parts.Kind.BAD, parts.Kind.CHANGES])
    return row


def _bring_in(row: Import, clock: Clock) -> None:
    recorder = Recorder(row, clock)
    options = Options(
        row.dry_run, row.skip_bad_rows, max_rows=MAX_UPLOAD_ROWS, zeros_count=row.zeros_count
    )
    try:
        with local_copy(row.path) as path:
            end(recorder, _import(path, recorder, options))
    except FileRefused as fault:
        refuse(recorder, fault)
    except Stopped:
        _stopped(row, now=clock())
    except Exception:
        logger.exception("import %s failed", row.pk)
        fail(recorder)
    if row.state == State.RUNNING:
        return
    if not row.dry_run:
        forget_file(row)
        analyse_changed()
    if row.state != State.LEFT:
        notify_if_long(row, now=clock())


def run_here(
    path: Path, *, kind: FileKind, options: Options, clock: Clock, also: Listener
) -> tuple[Tally, int | None]:
    """A file of this machine at once, as the commands do; it has its place among the imports."""
    if options.dry_run:
        tally = import_file(path, kind=kind, options=options, now=clock(), listener=also)
        return tally, None
    recover(now=clock())
    row = Import.objects.create(
        kind=kind,
        file_name=path.name[:255],
        state=State.RUNNING,
        skip_bad_rows=options.skip_bad_rows,
        zeros_count=options.zeros_count,
        progress_at=clock(),
        times_taken_up=1,
    )
    recorder = Recorder(row, clock, also=also)
    try:
        with beating(row, clock):
            tally = _import(path, recorder, options)
    except FileRefused as fault:
        refuse(recorder, fault)
        raise
    except BaseException:
        fail(recorder)
        raise
    end(recorder, tally)
    analyse_changed()
    return tally, row.pk


def end(recorder: Recorder, tally: Tally) -> None:
    recorder.take(tally)
    _finish(recorder, _end_state(recorder.row, tally))


def refuse(recorder: Recorder, fault: FileRefused) -> None:
    recorder.errors = [stored(RowError(0, "", fault.reason))]
    _finish(recorder, State.REFUSED)


def fail(recorder: Recorder) -> None:
    """By a fault of ours, or because whoever runs the command broke it off."""
    row = recorder.row
    if restore_if_possible(row):
        row.created = row.updated = row.unchanged = row.emptied = 0
    _finish(recorder, State.FAILED)


def _finish(recorder: Recorder, state: Import.State) -> None:
    row = recorder.row
    row.state, row.errors, row.finished_at = state, recorder.errors, recorder.clock()
    names = ("state", "errors", "finished_at", "rows_read", "rows_total", *COUNTS)
    mine(row).update(**{name: getattr(row, name) for name in names})


def _stopped(row: Import, *, now: dt.datetime) -> None:
    """Cancelled, unless another worker has it: then it is theirs."""
    if not mine(row).filter(state=State.STOPPING).exists():
        return
    gone = restore_if_possible(row)
    row.state = State.LEFT if gone else State.FAILED
    mine(row).update(state=row.state, finished_at=now)
    parts.forget([row.pk], kinds=[parts.Kind.BAD, parts.Kind.CHANGES])
    forget_file(row)
    action = AuditAction.IMPORT_CANCEL
    record_event(action, actor=row.created_by, now=now, target=row.file_name, kind=row.kind)


def due(*, now: dt.datetime) -> list[int]:
    """The imports a worker should take up, those of a killed worker among them."""
    recover(now=now)
    waiting = Import.objects.filter(state__in=[State.WAITING, State.UNDOING]).order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def recover(*, now: dt.datetime) -> None:
    """What a killed process left: taken back, given up, or waiting to be taken up again."""
    silent = Import.objects.filter(progress_at__lt=now - STUCK_AFTER)
    for row in silent.filter(state=State.STOPPING):
        _stopped(row, now=now)
    stuck = silent.filter(state=State.RUNNING)
    for row in stuck.filter(Q(times_taken_up__gte=TIMES_TAKEN_UP) | Q(path="")):
        _give_up(row, now=now)
    stuck.update(state=State.WAITING)


def _running(now: dt.datetime) -> QuerySet[Import]:
    return Import.objects.filter(
        state__in=[State.RUNNING, State.STOPPING], progress_at__gte=now - STUCK_AFTER
    )


def _give_up(row: Import, *, now: dt.datetime) -> None:
    why = reason(ReasonCode.IMPORT_NEVER_ENDS, times=row.times_taken_up)
    held = mine(row).filter(state=State.RUNNING, progress_at=row.progress_at)
    if held.update(state=State.FAILED, errors=[stored(RowError(0, "", why))], finished_at=now):
        restore_if_possible(row)
        logger.error("import %s is given up: %s", row.pk, why)
        forget_file(row)


def refuse_without_file(
    kind: FileKind, name: str, why: Reason, *, by: StaffUser | None, now: dt.datetime
) -> Import:
    """There is no file that could be read; it stands among the others that did not go in."""
    return Import.objects.create(
        kind=kind,
        file_name=name[:255],
        state=State.REFUSED,
        errors=[stored(RowError(0, "", why))],
        created_by=by,
        finished_at=now,
    )


def errors_of(row: Import) -> list[RowError]:
    return [
        RowError(line, field, reason_of(code, params)) for line, field, code, params in row.errors
    ]


def reason_of(code: str, params: dict[str, str]) -> Reason:
    return Reason(ReasonCode(code), tuple(params.items()))


def _import(path: Path, recorder: Recorder, options: Options) -> Tally:
    row = recorder.row
    return import_file(
        path,
        kind=FileKind(row.kind),
        options=options,
        now=recorder.clock(),
        listener=recorder,
        by=row.created_by,
        name=row.file_name,
    )


def _end_state(row: Import, tally: Tally) -> Import.State:
    header_is_bad = tally.refused and not tally.read
    if tally.refused and (header_is_bad or not row.dry_run):
        return State.REFUSED
    return State.DONE
