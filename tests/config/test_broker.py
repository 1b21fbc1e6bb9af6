"""A worker acknowledges or hands back tasks on a connection that is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kombu import Connection, Message
from kombu.transport import redis

from config import broker


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    # Taken back after the test.
    monkeypatch.setattr(redis.Transport, "Channel", redis.Transport.Channel)
    broker.survive_its_loss()


@pytest.fixture
def connection(redis_url: str) -> Iterator[Connection]:
    with Connection(redis_url) as opened:
        yield opened


def lose_with_a_task_in_hand(connection: Connection) -> Message:
    """As a worker's consumer does when its connection breaks, its broker being away."""
    with connection.SimpleQueue("lost") as queue:
        queue.put({"a": "task"})
        message = queue.get(timeout=5)
        connection.collect()
    message.channel._disconnect_pools()
    return message


@pytest.mark.parametrize("how", ["ack", "requeue"])
def test_a_task_on_a_lost_connection_ends_with_an_error_that_workers_expect(
    ours: None, connection: Connection, how: str
) -> None:
    expected = connection.connection_errors + connection.channel_errors
    message = lose_with_a_task_in_hand(connection)

    with pytest.raises(expected):
        getattr(message, how)()


def test_kombu_alone_ends_with_another_error(connection: Connection) -> None:
    """When this fails kombu has mended it, and config/broker.py can go."""
    message = lose_with_a_task_in_hand(connection)

    with pytest.raises(AttributeError):
        message.ack()
