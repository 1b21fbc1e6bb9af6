"""Tasks: each reads the clock and calls one service."""

from __future__ import annotations

from celery import shared_task

from api.services import autopilot
from api.services.rest import idempotency
from surveys.queries.clock import agreed_now


@shared_task
def ask_autopilot() -> None:
    autopilot.ask_due(now=agreed_now())


@shared_task
def forget_calls() -> None:
    idempotency.forget_calls(now=agreed_now())
