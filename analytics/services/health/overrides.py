"""Setting a band by hand, and ending that."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.models import Customer, StaffUser
from accounts.services.access.audit import record_event
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
    ended = _end_standing(customer, now=now)
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
    before = _band_in_force(ended, today)
    band_set.send(HealthOverride, customer=customer.pk, before=before, after=band, now=now)
    return row


@transaction.atomic
def end_override(customer: Customer, *, by: StaffUser, now: dt.datetime) -> bool:
    """Whether there was one."""
    ended = _end_standing(customer, now=now)
    if ended:
        before = _band_in_force(ended, timezone.localdate(now))
        band_set.send(HealthOverride, customer=customer.pk, before=before, after="", now=now)
        record_event(
            AuditAction.HEALTH_OVERRIDE_END, actor=by, now=now, target=customer.customer_id
        )
    return ended is not None


def _end_standing(customer: Customer, *, now: dt.datetime) -> HealthOverride | None:
    """What stood until now, though its last day may be over."""
    standing = HealthOverride.objects.select_for_update().filter(customer=customer, ended_at=None)
    ended = standing.first()
    standing.update(ended_at=now)
    return ended


def _band_in_force(override: HealthOverride | None, day: dt.date) -> str:
    return override.band if override and override.until >= day else ""
