"""Tasks: each reads the clock and calls one service."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from actions.services import alerts, overdue


@shared_task
def alert_owner(response_id: int) -> None:
    alerts.alert_owner(response_id, now=timezone.now())


@shared_task
def alert_due() -> None:
    """The tick: what no task has told of."""
    alerts.alert_due(now=timezone.now())


@shared_task
def tell_overdue() -> None:
    overdue.tell_overdue(now=timezone.now())
