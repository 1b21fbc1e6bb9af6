"""What works in the background leaves its moments behind: beat, the workers, and their queues.

They are kept in the cache. A row would be written some forty times a minute to say "as before";
without Redis there is no work either, and the first tick after it brings them all back.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from django.core.cache import cache

_KEPT_SECONDS = 7 * 86_400
_PROBE = "heartbeat:probe"
# How often one process tells of the same.
EVERY_SECONDS = 15.0


class Sign(StrEnum):
    BEAT = "beat"
    """Beat has published a tick."""
    WORKER = "worker"
    """A worker takes the tasks of this queue."""
    TASK = "task"
    """A task of this queue has begun. Each has a tick a minute: so late is the queue."""


Signs = Mapping[tuple[Sign, str], dt.datetime]


def note(sign: Sign, queue: str = "", *, now: dt.datetime) -> None:
    cache.set(_key(sign, queue), now, _KEPT_SECONDS)


def last_signs(queues: Iterable[str]) -> Signs:
    """Beat's, and two of each queue; what was never seen is not among them."""
    keys = {_key(Sign.BEAT, ""): (Sign.BEAT, "")}
    keys |= {
        _key(sign, queue): (sign, queue) for queue in queues for sign in (Sign.WORKER, Sign.TASK)
    }
    found = cache.get_many(keys)
    return {keys[key]: moment for key, moment in found.items()}


def is_kept() -> bool:
    """Whether Redis takes what is noted: not where it is away, full or read-only."""
    cache.set(_PROBE, 1, 60)
    return cache.get(_PROBE) is not None


class Throttle:
    """Lets the same thing through once in a while."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.clock = clock
        self._next: dict[str, float] = {}

    def lets(self, name: str) -> bool:
        now = self.clock()
        if now < self._next.get(name, 0.0):
            return False
        self._next[name] = now + self.seconds
        return True


def _key(sign: Sign, queue: str) -> str:
    return f"heartbeat:{sign}:{queue}"
