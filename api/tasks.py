"""Tasks: each reads the clock and calls one service."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from api.services import autopilot
from api.services.rest import exporting, idempotency
from surveys.queries.calendar.clock import agreed_now


@shared_task
def ask_autopilot() -> None:
    autopilot.ask_due(now=agreed_now())


@shared_task
def forget_calls() -> None:
    idempotency.forget_calls(now=agreed_now())


# A file of millions of rows takes minutes.
@shared_task(soft_time_limit=1800, time_limit=1860)
def write_export(pk: int) -> None:
    exporting.write(pk, clock=timezone.now)


@shared_task(soft_time_limit=1800, time_limit=1860)
def take_up_exports() -> None:
    """The tick: exports whose task was lost or whose worker died, and files nobody needs."""
    exporting.forget_old(now=timezone.now())
    for pk in exporting.due(now=timezone.now()):
        exporting.write(pk, clock=timezone.now)
