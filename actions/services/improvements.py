"""Improvements are set, changed, concluded and taken away; each is a line of the audit log."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.audit import record_event
from actions.models import Improvement


@transaction.atomic
def save_improvement(row: Improvement, *, by: StaffUser, now: dt.datetime) -> Improvement:
    if row.pk is None:
        row.created_at = now
    row.save()
    record_event(AuditAction.IMPROVEMENT_SAVE, actor=by, now=now, target=row.name)
    return row


@transaction.atomic
def conclude(row: Improvement, outcome: str, *, by: StaffUser, now: dt.datetime) -> None:
    Improvement.objects.filter(pk=row.pk).update(outcome=outcome)
    record_event(AuditAction.IMPROVEMENT_CONCLUDE, actor=by, now=now, target=row.name)


@transaction.atomic
def delete_improvement(row: Improvement, *, by: StaffUser, now: dt.datetime) -> None:
    record_event(AuditAction.IMPROVEMENT_DELETE, actor=by, now=now, target=row.name)
    row.delete()
