"""What an admin sets of alerts by rule."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.alerts.names import EventName
from actions.models import AlertRule, Channel
from actions.services.deliveries.queueing import Draft, queue


@transaction.atomic
def save_rule(
    rule: AlertRule,
    *,
    staff: Collection[StaffUser],
    channels: Collection[Channel],
    by: StaffUser,
    now: dt.datetime,
) -> None:
    rule.save()
    rule.staff.set(staff)
    rule.channels.set(channels)
    tells = ", ".join(str(each) for each in (*staff, *channels))
    detail = {"is_active": rule.is_active, "tells": tells[:500]}
    record_event(AuditAction.ALERT_SAVE, actor=by, now=now, target=rule, **detail)


@transaction.atomic
def delete_rule(rule: AlertRule, *, by: StaffUser, now: dt.datetime) -> None:
    record_event(AuditAction.ALERT_DELETE, actor=by, now=now, target=rule)
    rule.delete()


def try_receivers(rule: AlertRule, *, now: dt.datetime) -> int:
    """A test to everybody whom the rule tells; how many."""
    who = [
        *rule.staff.filter(is_active=True),
        *rule.channels.filter(disabled=""),
    ]
    drafts = [
        Draft(
            key=f"test:{uuid.uuid4().hex}",
            event=EventName.TEST,
            due=now,
            staff=each if isinstance(each, StaffUser) else None,
            channel=each if isinstance(each, Channel) else None,
        )
        for each in who
    ]
    if drafts:
        queue(drafts, now=now)
    return len(drafts)
