"""An import taken back as a whole: all of it and exactly, or nothing and the reason why not."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.reasons import Reason, ReasonCode, reason
from accounts.models import Import, StaffUser
from accounts.services.access.audit import record_event
from accounts.services.imports.kinds.registry import importer_for
from accounts.services.imports.rows import parts
from accounts.services.imports.undo.journal import Entry, NotTakenBack, take_back

State = Import.State
WROTE = Q(dry_run=False) & (Q(created__gt=0) | Q(updated__gt=0))


def obstacle(row: Import) -> Reason | None:
    """What is known beforehand; whether rows were changed or used since is seen when trying."""
    if not importer_for(FileKind(row.kind)).can_be_undone:
        return reason(ReasonCode.UNDO_KIND)
    same = Import.objects.filter(kind=row.kind).exclude(pk=row.pk)
    later = same.filter(WROTE, state=State.DONE, finished_at__gt=row.finished_at)
    if later.exists():
        return reason(ReasonCode.UNDO_NOT_LAST)
    if same.filter(dry_run=False, state__in=[State.RUNNING, State.STOPPING]).exists():
        return reason(ReasonCode.UNDO_RUNNING)
    if not row.parts.filter(kind=parts.Kind.UNDO).exists():
        return reason(ReasonCode.UNDO_FORGOTTEN)
    return None


def is_undoable_at_all(row: Import) -> bool:
    """Whether there is anything to take back."""
    return row.state == State.DONE and not row.dry_run and bool(row.created or row.updated)


def ask_for(pk: int, *, by: StaffUser | None) -> bool:
    """For a worker to do."""
    row = Import.objects.get(pk=pk)
    if not is_undoable_at_all(row) or obstacle(row):
        return False
    found = Import.objects.filter(WROTE, pk=pk, state=State.DONE)
    return bool(found.update(state=State.UNDOING, undone_by=by, obstacle=[], progress_at=None))


def undo(pk: int, *, now: dt.datetime) -> Reason | None:
    """What `ask_for` asked for; None where it is done, else why nothing was taken back."""
    try:
        with transaction.atomic():
            row = Import.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.state != State.UNDOING:
                return None
            if why := obstacle(row):
                raise NotTakenBack(why)
            restore(row)
            row.state, row.undone_at = State.UNDONE, now
            row.save(update_fields=["state", "undone_at"])
            parts.forget([pk])
            record_event(
                AuditAction.IMPORT_UNDO,
                actor=row.undone_by,
                now=now,
                target=row.file_name,
                kind=row.kind,
                created=row.created,
                updated=row.updated,
            )
    except NotTakenBack as fault:
        why = fault.reason
        Import.objects.filter(pk=pk, state=State.UNDOING).update(
            state=State.DONE, obstacle=[why.code, dict(why.params)]
        )
        return why
    return None


def restore(row: Import) -> None:
    """In a transaction: what its batches did, the last one first."""
    for part in row.parts.filter(kind=parts.Kind.UNDO).order_by("-pk").iterator(chunk_size=1):
        try:
            take_back([Entry(*each) for each in parts.unpacked(part)])
        except IntegrityError as fault:
            raise NotTakenBack(reason(ReasonCode.UNDO_CONFLICT)) from fault
    row.parts.filter(kind=parts.Kind.UNDO).delete()


def restore_if_possible(row: Import) -> bool:
    """After a cancel, a fault or a kill: nothing half-written, unless something was built on it."""
    try:
        with transaction.atomic():
            restore(row)
    except NotTakenBack:
        return False
    Import.objects.filter(pk=row.pk).update(created=0, updated=0, unchanged=0, emptied=0)
    return True
