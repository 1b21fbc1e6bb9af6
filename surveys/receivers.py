from __future__ import annotations

from typing import Any

from celery.signals import worker_ready
from django.dispatch import receiver

from accounts.services.dimensions import Use, asks_by
from surveys.queries.campaigns.listing import unfinished_asking_by
from surveys.worker import watch_clock


@receiver(asks_by, dispatch_uid="surveys.campaigns_asking_by")
def campaigns_asking_by(sender: type, name: str, **_: Any) -> list[Use]:
    return [Use(each.name, tuple(each.audience[name])) for each in unfinished_asking_by(name)]


@worker_ready.connect(dispatch_uid="surveys.watch_clock")
def watch_the_clock(sender: Any, **_: Any) -> None:
    watch_clock(sender)
