"""Beat and the workers tell that they work, by signals that Celery sends anyway."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, heartbeat_sent, task_prerun

from common.resilience.heartbeat import EVERY_SECONDS, Sign, Throttle, note

_throttle = Throttle(EVERY_SECONDS)


def beat_tells() -> None:
    """In beat's process: what it has published, the broker has taken."""
    after_task_publish.connect(_published, weak=False)


def worker_tells(app: Celery) -> None:
    """In a worker's first process. Its children tell when they begin a task."""

    def alive(**_: Any) -> None:
        _tell(Sign.WORKER, app.amqp.queues.consume_from)

    heartbeat_sent.connect(alive, weak=False)
    task_prerun.connect(_began, weak=False)


def _published(**_: Any) -> None:
    _tell(Sign.BEAT, [""])


def _began(sender: Any, **_: Any) -> None:
    if not sender.request.is_eager and (info := sender.request.delivery_info):
        _tell(Sign.TASK, [info.get("routing_key") or ""])


def _tell(sign: Sign, queues: Iterable[str]) -> None:
    from django.utils import timezone

    for queue in queues:
        if _throttle.lets(f"{sign}:{queue}"):
            note(sign, queue, now=timezone.now())
