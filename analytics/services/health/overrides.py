"""Setting a band by hand, and ending that."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.audit import AuditAction
from accounts.models import Customer, StaffUser
from accounts.services.audit import record_event
from analytics.models import HealthOverride
from analytics.services.health.signals import band_set


@transaction.atomic
def set_band(
    customer: Customer,
    *,
    band: str,
    reason: str,
    until: dt.date,
    by: StaffUser,
    now: dt.datetime,
    today: dt.date,
) -> HealthOverride:
    """In place of one that stands, if any."""
    standing = HealthOverride.objects.select_for_update().filter(customer=customer, ended_at=None)
    before = standing.values_list("band", flat=True).first() or ""
    standing.update(ended_at=now)
    row = HealthOverride.objects.create(
        customer=customer,
        band=band,
        reason=reason,
        since=today,
        until=until,
        created_by=by,
        created_at=now,
    )
    record_event(
        AuditAction.HEALTH_OVERRIDE,
        actor=by,
        now=now,
        target=customer.customer_id,
        after=band,
        note=reason,
        ends_at=until.isoformat(),
    )
    band_set.send(HealthOverride, customer=customer.pk, before=before, after=band, now=now)
    return row


@transaction.atomic
def end_override(customer: Customer, *, by: StaffUser, now: dt.datetime) -> bool:
    """Whether there was one."""
    standing = HealthOverride.objects.filter(customer=customer, ended_at=None)
    before = standing.values_list("band", flat=True).first() or ""
    ended = standing.update(ended_at=now)
    if ended:
        band_set.send(HealthOverride, customer=customer.pk, before=before, after="", now=now)
        record_event(
            AuditAction.HEALTH_OVERRIDE_END, actor=by, now=now, target=customer.customer_id
        )
    return bool(ended)
