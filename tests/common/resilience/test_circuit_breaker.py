"""A Redis that takes connections and never answers: nobody waits for it long, nor twice."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from common.caching.cache import FailOpenCache
from common.resilience.circuit_breaker import CircuitBreaker
from config import celery

OPTIONS = {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}}
FOR_EVER = 30


class Hanging:
    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.url = f"redis://127.0.0.1:{self.listener.getsockname()[1]}/0"
        self.callers: list[socket.socket] = []

    def calls(self) -> int:
        while True:
            try:
                self.callers.append(self.listener.accept()[0])
            except BlockingIOError:
                return len(self.callers)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    server = Hanging()
    yield server
    for each in (server.listener, *server.callers):
        each.close()


def test_a_breaker_closes_after_a_while() -> None:
    now = [100.0]
    breaker = CircuitBreaker(5, clock=lambda: now[0])
    assert not breaker.is_open

    breaker.trip()
    assert breaker.is_open

    now[0] = 105.0
    assert not breaker.is_open


def test_a_cache_that_hangs_is_asked_once(hanging) -> None:
    assert FailOpenCache(hanging.url, OPTIONS).get("key", "default") == "default"
    first = hanging.calls()

    # Each thread has a cache of its own.
    another = FailOpenCache(hanging.url, OPTIONS)

    assert another.add("key", 1) is True
    assert another.get("key") is None
    assert (hanging.calls(), first > 0) == (first, True)


@pytest.mark.django_db(transaction=True)
def test_whoever_enqueues_at_a_broker_that_hangs_goes_on(hanging, monkeypatch) -> None:
    monkeypatch.setattr(celery, "_breaker", CircuitBreaker(60))
    monkeypatch.setitem(celery.app.conf, "broker_url", hanging.url)

    with ThreadPoolExecutor(1) as pool:
        # A plain call would wait for ever where the connection has no time-out of its own.
        enqueueing = pool.submit(enqueue)
        try:
            enqueueing.result(timeout=FOR_EVER)
        finally:
            asked = hanging.calls()
            for each in hanging.callers:
                each.close()

    enqueue()
    assert (hanging.calls(), asked > 0) == (asked, True)


def enqueue() -> None:
    celery.enqueue("surveys.tasks.plan")
    connection.close()
