from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from actions.services import goals


@shared_task(soft_time_limit=600, time_limit=660)
def read_goals() -> None:
    """The tick, and after a goal was set: what is known of each on the days that are due."""
    goals.read_goals(today=timezone.localdate())
