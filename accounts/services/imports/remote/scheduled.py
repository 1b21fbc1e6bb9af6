"""Scheduled imports: entered, switched off and on, fetched now; what is secret is sealed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.scheduling import Every, Way, next_fetch, shown_address
from accounts.models import ScheduledImport, StaffUser
from accounts.services.access.audit import record_event
from common.secrets.sealing import seal
from config.celery import enqueue

FETCH = "accounts.tasks.fetch_file"


@transaction.atomic
def save(
    row: ScheduledImport, *, url: str, secret: str | None, by: StaffUser, now: dt.datetime
) -> None:
    """No `url` and no `secret` (None) keep the old ones."""
    if url:
        row.sealed_url, row.shown = seal(url), shown_address(url, Way(row.way))
        # What was known was known of another file.
        row.etag = row.modified = row.digest = ""
    if secret is not None:
        row.sealed_secret = seal(secret) if secret else ""
    row.created_by = row.created_by or by
    row.fault, row.failures = [], 0
    row.next_at = next_time(row, now=now)
    row.save()
    detail = {"kind": row.kind, "new_address": bool(url), "new_secret": bool(secret)}
    record_event(AuditAction.SCHEDULE_SAVE, actor=by, now=now, target=row.name, **detail)


@transaction.atomic
def switch(row: ScheduledImport, *, on: bool, by: StaffUser, now: dt.datetime) -> None:
    row.is_on = on
    row.next_at = next_time(row, now=now)
    row.save(update_fields=["is_on", "next_at"])
    record_event(AuditAction.SCHEDULE_SWITCH, actor=by, now=now, target=row.name, is_active=on)


@transaction.atomic
def delete(row: ScheduledImport, *, by: StaffUser, now: dt.datetime) -> None:
    record_event(AuditAction.SCHEDULE_DELETE, actor=by, now=now, target=row.name)
    row.delete()


def fetch_now(row: ScheduledImport, *, now: dt.datetime) -> bool:
    """False where it is switched off."""
    with transaction.atomic():
        wanted = ScheduledImport.objects.filter(pk=row.pk, is_on=True)
        if not wanted.update(next_at=now, by_hand=True, failures=0):
            return False
        enqueue(FETCH, row.pk)
    return True


def next_time(row: ScheduledImport, *, now: dt.datetime) -> dt.datetime:
    zone = timezone.get_default_timezone()
    return next_fetch(Every(row.every), hour=row.hour, zone=zone, now=now)
