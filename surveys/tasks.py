"""Tasks: each reads the clock and calls one service."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from surveys import sending
from surveys.models import Attempt
from surveys.services import notifying, planning, rescheduling, verifying


@shared_task
def plan() -> None:
    planning.plan_due(now=timezone.now())


@shared_task
def reschedule() -> None:
    rescheduling.reschedule_due(now=timezone.now())


@shared_task
def dispatch() -> None:
    sending.dispatch_due(now=timezone.now(), foreground=False)


@shared_task
def send_batch(invitation_ids: list[int], kind: str) -> None:
    sending.send_batch(invitation_ids, clock=timezone.now, kind=Attempt.Kind(kind))


@shared_task
def sweep() -> None:
    now: dt.datetime = timezone.now()
    sending.apply_events(now=now)
    sending.sweep(now=now)
    notifying.notify_due(now=now)


@shared_task
def notify_detractor(response_id: int) -> None:
    notifying.notify_detractor(response_id, now=timezone.now())


@shared_task
def verify() -> None:
    verifying.verify(now=timezone.now())
