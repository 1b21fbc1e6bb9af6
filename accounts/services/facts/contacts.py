"""What a CS member writes down of a customer: contacts and pulses."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.domain.facts.contacts import Channel
from accounts.domain.facts.events import EventKind
from accounts.models import Customer, Event, Pulse, Respondent, StaffUser
from accounts.services.access.audit import record_event


@transaction.atomic
def write_contact(
    customer: Customer,
    channel: Channel,
    *,
    at: dt.datetime,
    note: str,
    respondent: Respondent | None,
    ref: str,
    by: StaffUser,
    now: dt.datetime,
) -> bool:
    """False where the same form was sent before: `ref` is what tells two contacts apart."""
    found, created = Event.objects.get_or_create(
        customer=customer,
        kind=EventKind.CONTACTED,
        ref=ref,
        defaults={
            "at": at,
            "channel": channel,
            "note": note,
            "respondent": respondent,
            "email": respondent.email if respondent else "",
            "mail_key": respondent.person.mail_key if respondent else "",
            "known_from": timezone.localdate(now),
            "created_by": by,
        },
    )
    if created:
        record_event(
            AuditAction.CONTACT_WRITE,
            actor=by, now=now, target=customer, event=found.pk, channel=channel,
        )  # fmt: skip
    return created


@transaction.atomic
def write_pulse(
    customer: Customer, value: int, *, reason: str, by: StaffUser, now: dt.datetime
) -> None:
    Pulse.objects.create(customer=customer, at=now, value=value, reason=reason, created_by=by)
    record_event(AuditAction.PULSE_WRITE, actor=by, now=now, target=customer, value=value)
