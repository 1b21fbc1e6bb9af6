"""Nobody who answers waits for the broker, and what is published often is told once."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import transaction

from common.resilience.background import BackgroundPublisher
from config import celery


class Broker:
    """Takes nothing until it is let go on."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.told: list[tuple[str, tuple[Any, ...]]] = []

    def publish(self, task: str, args: tuple[Any, ...]) -> None:
        assert self.goes_on.wait(10)
        self.told.append((task, args))

    def wait_for(self, number: int) -> None:
        end = time.monotonic() + 10
        while len(self.told) < number and time.monotonic() < end:
            time.sleep(0.01)


def test_nobody_waits_and_each_is_told_once_however_often_it_was_published() -> None:
    broker = Broker()
    background = BackgroundPublisher(broker.publish)

    for _ in range(50):
        background.publish("deliver", "mail")
        background.publish("deliver", "channel-1")
    broker.goes_on.set()
    broker.wait_for(2)
    time.sleep(0.05)

    assert {("deliver", ("mail",)), ("deliver", ("channel-1",))} == set(broker.told)
    # One may have been taken before the others came.
    assert len(broker.told) <= 4

    before = len(broker.told)
    background.publish("deliver", "mail")
    broker.wait_for(before + 1)
    assert len(broker.told) == before + 1


@pytest.mark.django_db(transaction=True)
def test_work_is_published_after_the_commit_and_never_without(monkeypatch) -> None:
    broker = Broker()
    broker.goes_on.set()
    monkeypatch.setattr(celery, "_background", BackgroundPublisher(broker.publish))

    with transaction.atomic():
        celery.enqueue_in_background("deliver", "mail")
        time.sleep(0.05)
        assert broker.told == []
    broker.wait_for(1)
    assert broker.told == [("deliver", ("mail",))]

    with transaction.atomic():
        celery.enqueue_in_background("deliver", "lost")
        transaction.set_rollback(True)
    time.sleep(0.05)
    assert len(broker.told) == 1
