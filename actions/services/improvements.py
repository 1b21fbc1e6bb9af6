"""Improvements are set, changed, concluded and taken away; each is a line of the audit log."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.follow_ups.states import Step
from actions.models import FollowUp, Improvement
from actions.services.follow_ups.opening import write_entry

# Not the conclusion, which somebody may be writing while another edits the rest.
EDITED = (
    "name", "hypothesis", "measures", "metric", "dimension", "value", "began_on", "span_days",
    "expected", "goal", "causes", "owner",
)  # fmt: skip


@transaction.atomic
def save_improvement(
    row: Improvement, *, by: StaffUser, now: dt.datetime, answers_to: FollowUp | None = None
) -> Improvement:
    if row.pk is None:
        row.created_at = now
        row.save()
    else:
        row.save(update_fields=EDITED)
    record_event(AuditAction.IMPROVEMENT_SAVE, actor=by, now=now, target=row.name)
    if answers_to is not None:
        link(row, answers_to, by=by, now=now)
    return row


@transaction.atomic
def link(row: Improvement, follow_up: FollowUp, *, by: StaffUser, now: dt.datetime) -> None:
    """The follow-up led to it. A second time changes nothing."""
    links = Improvement.follow_ups.through.objects
    _link, is_new = links.get_or_create(improvement_id=row.pk, followup_id=follow_up.pk)
    if is_new:
        write_entry(follow_up, Step.IMPROVES, at=now, by=by, to=row.name)
        _record(AuditAction.IMPROVEMENT_LINK, row, follow_up, by=by, now=now)


@transaction.atomic
def unlink(row: Improvement, follow_up: FollowUp, *, by: StaffUser, now: dt.datetime) -> None:
    links = Improvement.follow_ups.through.objects
    count, _ = links.filter(improvement=row.pk, followup=follow_up.pk).delete()
    if count:
        _record(AuditAction.IMPROVEMENT_UNLINK, row, follow_up, by=by, now=now)


def _record(
    action: AuditAction,
    row: Improvement,
    follow_up: FollowUp,
    *,
    by: StaffUser,
    now: dt.datetime,
) -> None:
    # By its number: whose it was is forgotten with a person.
    record_event(action, actor=by, now=now, target=row.name, after=f"follow-up {follow_up.pk}")


@transaction.atomic
def conclude(row: Improvement, outcome: str, *, by: StaffUser, now: dt.datetime) -> None:
    Improvement.objects.filter(pk=row.pk).update(outcome=outcome)
    record_event(AuditAction.IMPROVEMENT_CONCLUDE, actor=by, now=now, target=row.name)


@transaction.atomic
def delete_improvement(row: Improvement, *, by: StaffUser, now: dt.datetime) -> None:
    record_event(AuditAction.IMPROVEMENT_DELETE, actor=by, now=now, target=row.name)
    row.delete()
