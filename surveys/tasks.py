"""Tasks: each reads the clock and calls one service.

What plans and sends goes by the database's, and does nothing where this machine's is wrong.
"""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from common.resilience.lock import only_one
from surveys import sending
from surveys.models import Attempt
from surveys.queries.calendar.clock import agreed_now
from surveys.services.campaigns.plan import plan_due
from surveys.services.campaigns.reschedule import reschedule_due
from surveys.services.verify import verify_promises


@shared_task
def plan() -> None:
    # One at a time: a slow one leaves a worker for e-mails, whatever ticks come meanwhile.
    with only_one("plan") as is_free:
        if is_free:
            # After a launch nobody waits for the next tick, nor for the end of a long look.
            plan_due(now=agreed_now(), planned=lambda: sending.dispatch_due(foreground=False))


@shared_task
def reschedule() -> None:
    reschedule_due(now=agreed_now())


@shared_task
def dispatch() -> None:
    sending.dispatch_due(foreground=False)


@shared_task
def send_batch(invitation_ids: list[int], kind: str) -> None:
    sending.send_batch(invitation_ids, kind=Attempt.Kind(kind))


@shared_task
def sweep() -> None:
    now = agreed_now()
    sending.apply_events(now=now)
    sending.sweep(now=now)


@shared_task(soft_time_limit=600, time_limit=660)
def make_demo() -> None:
    call_command("seed_demo")


@shared_task
def verify() -> None:
    verify_promises(now=timezone.now())
