"""Redis as the workers' broker: one that goes away must not take them along.

Where a worker loses its connection while tasks run, kombu 5.7.0 acknowledges them, or hands them
back, on a channel that has no connection any more. It then fails over an attribute of None, which
nobody expects, and the worker ends. As the connection error that it is, it is expected: the worker
goes on and connects anew.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as LostConnection


class Channel(redis.Channel):
    def _connparams(self, *args: Any, **kwargs: Any) -> Any:
        if self.connection is None or self.connection.client is None:
            raise LostConnection("This channel's connection is closed.")
        return super()._connparams(*args, **kwargs)  # type: ignore[misc]


def survive_its_loss() -> None:
    redis.Transport.Channel = Channel
