from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from celery import Celery
from celery.signals import after_task_publish, heartbeat_sent, task_prerun
from django.core.cache import cache
from kombu import Queue

from common.resilience.heartbeat import Sign, Throttle, last_signs
from config import heartbeats

QUEUES = ["mail", "plan", "imports"]
SIGNALS = (after_task_publish, heartbeat_sent, task_prerun)


@pytest.fixture(autouse=True)
def disconnected(monkeypatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr(heartbeats, "_throttle", Throttle(60))
    before = [list(each.receivers or ()) for each in SIGNALS]
    yield
    for signal, receivers in zip(SIGNALS, before, strict=True):
        signal.receivers = receivers


def seen() -> set[tuple[str, str]]:
    return set(last_signs(QUEUES))


def began(queue: str, *, is_eager: bool = False) -> None:
    request = SimpleNamespace(is_eager=is_eager, delivery_info={"routing_key": queue})
    task_prerun.send(sender=type("Task", (), {"request": request}))


def test_beat_tells_of_itself_by_what_it_publishes() -> None:
    heartbeats.beat_tells()
    heartbeat_sent.send(sender=None)
    assert seen() == set()

    after_task_publish.send(sender="surveys.tasks.plan")

    assert seen() == {(Sign.BEAT, "")}


def test_a_worker_tells_of_the_queues_it_takes_and_its_children_of_what_they_begin() -> None:
    app = Celery("test", set_as_current=False)
    app.conf.task_queues = [Queue(name) for name in QUEUES]
    app.amqp.queues.select(["mail", "plan"])
    heartbeats.worker_tells(app)

    heartbeat_sent.send(sender=None)
    assert seen() == {(Sign.WORKER, "mail"), (Sign.WORKER, "plan")}

    began("plan")
    began("imports", is_eager=True)
    assert seen() == {(Sign.WORKER, "mail"), (Sign.WORKER, "plan"), (Sign.TASK, "plan")}

    cache.clear()
    began("plan")
    assert seen() == set()  # said a moment ago
