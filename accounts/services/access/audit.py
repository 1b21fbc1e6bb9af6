"""The audit log: a line for what was done, and the seals that tie the lines to each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.domain.access.audit import AuditAction, digest_of
from accounts.models import AuditEvent, AuditOrigin, AuditSeal, StaffUser
from accounts.queries.audit import line_of
from common.net.origin import current_origin

BATCH = 2_000
ORIGIN_KEPT = dt.timedelta(days=30)


def record_event(
    action: AuditAction,
    *,
    actor: StaffUser | None,
    now: dt.datetime,
    target: object = "",
    **detail: Any,
) -> None:
    """Add a line to the audit log."""
    event = AuditEvent.objects.create(
        at=now, actor=actor, action=action, target=str(target)[:200], detail=detail
    )
    if origin := current_origin():
        AuditOrigin.objects.create(event=event, address=origin.address, agent=origin.agent)


def seal_events() -> int:
    """Those that are not sealed yet, oldest first; how many were.

    An event whose transaction took long is sealed after younger ones.
    """
    sealed = 0
    while made := _seal_some():
        sealed += made
    return sealed


def _seal_some() -> int:
    last = AuditSeal.objects.order_by("-pk").first()
    previous = last.digest if last else ""
    seals = []
    for event in AuditEvent.objects.filter(seal=None).order_by("pk")[:BATCH]:
        digest = digest_of(line_of(event), previous=previous, secret=settings.SECRET_KEY)
        seals.append(AuditSeal(event=event, previous=previous, digest=digest))
        previous = digest
    try:
        with transaction.atomic():
            return len(AuditSeal.objects.bulk_create(seals))
    except IntegrityError:  # Somebody else is at it.
        return 0


def forget_origins(*, now: dt.datetime) -> int:
    found = AuditOrigin.objects.filter(event__at__lt=now - ORIGIN_KEPT)
    return found.delete()[0]
