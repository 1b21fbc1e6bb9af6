"""Whether the audit log is whole: every event as it was sealed, and none gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from accounts.domain.access.audit import Line, digest_of
from accounts.models import AuditEvent, AuditSeal

SEALED_WITHIN = dt.timedelta(hours=1)
BATCH = 2_000


@dataclass(slots=True)
class AuditLog:
    """`last`: kept elsewhere, it shows that nobody cut the end off."""

    events: int = 0
    sealed: int = 0
    last: str = ""
    faults: list[str] = field(default_factory=list)


def line_of(event: AuditEvent) -> Line:
    return Line(event.pk, event.at, event.actor_id, event.action, event.target, event.detail)


def check_log(*, now: dt.datetime, contains: str | None = None) -> AuditLog:
    """`contains`: a seal that must be there still."""
    log = AuditLog(events=AuditEvent.objects.count())
    for seal in AuditSeal.objects.select_related("event").order_by("pk").iterator(BATCH):
        log.sealed += 1
        log.faults.extend(_faults_of(seal, after=log.last))
        log.last = seal.digest
    if gone := AuditSeal.objects.count() - log.sealed:
        log.faults.append(f"{gone} sealed events are gone")
    if contains and not AuditSeal.objects.filter(digest=contains).exists():
        log.faults.append(f"seal {contains} is gone")
    late = AuditEvent.objects.filter(seal=None, at__lt=now - SEALED_WITHIN).count()
    if late:
        log.faults.append(f"{late} events are older than an hour and not sealed")
    return log


def _faults_of(seal: AuditSeal, *, after: str) -> Iterator[str]:
    if seal.previous != after:
        yield f"event {seal.event_id}: what was sealed before it is missing or changed"
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    line, before = line_of(seal.event), seal.previous
    if seal.digest not in {digest_of(line, previous=before, secret=each) for each in keys}:
        yield f"event {seal.event_id}: it is not what was sealed"
