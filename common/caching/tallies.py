"""Counts and durations that all processes of all machines add to, for `/metrics`.

A process keeps what it counted for a few seconds and adds it to Redis then: a scrape reads what
everybody counted, and an answer waits for nothing. A Redis that is away or was emptied begins at 0
again, which a monitoring system takes for what it is; what a killed process had not added is lost.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from django.core.cache import cache

FLUSH_SECONDS = 5.0
# Seconds, as one waits for a page.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class _Buffer:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counted: dict[str, float] = defaultdict(float)
        self.timer: threading.Timer | None = None

    def add(self, amounts: Iterable[tuple[str, float]]) -> None:
        with self.lock:
            for key, amount in amounts:
                self.counted[key] += amount
            if self.timer is None:
                self.timer = threading.Timer(FLUSH_SECONDS, flush)
                self.timer.daemon = True
                self.timer.start()

    def take(self) -> dict[str, float]:
        with self.lock:
            taken, self.counted, self.timer = self.counted, defaultdict(float), None
        return taken


_buffer = _Buffer()


def flush() -> None:
    """What this process has counted since, for all to read."""
    for key, amount in _buffer.take().items():
        # Whole numbers alone can be added to: times are kept in microseconds.
        if whole := round(amount):
            cache.add(key, 0, None)
            with suppress(ValueError):  # emptied this very moment
                cache.incr(key, whole)


class Tally:
    """A count by the values of one label."""

    def __init__(self, name: str, values: Sequence[str]) -> None:
        self.name = name
        self.values = tuple(values)

    def add(self, value: str, amount: int = 1) -> None:
        """One that is not listed is of no use to anybody: the label would have no bound."""
        if value in self.values and amount:
            _buffer.add([(self._key(value), amount)])

    def read(self) -> dict[str, int]:
        found = cache.get_many([self._key(each) for each in self.values])
        return {each: found.get(self._key(each), 0) for each in self.values}

    def _key(self, value: str) -> str:
        return f"tally:{self.name}:{value}"


class Measured(NamedTuple):
    # As many as took so long at most, by the bound; the last one holds all.
    buckets: list[tuple[str, int]]
    seconds: float


class Durations:
    """How long something takes, by the values of one label."""

    def __init__(self, name: str, values: Sequence[str]) -> None:
        self.name = name
        self.values = tuple(values)

    def add(self, value: str, seconds: float) -> None:
        bound = next((each for each in BOUNDS if seconds <= each), None)
        name = "+Inf" if bound is None else str(bound)
        _buffer.add([(self._key(value, name), 1), (self._key(value, "sum"), seconds * 1e6)])

    def read(self) -> dict[str, Measured]:
        bounds = [*map(str, BOUNDS), "+Inf"]
        keys = [self._key(each, bound) for each in self.values for bound in (*bounds, "sum")]
        found = cache.get_many(keys)
        return {
            value: Measured(
                _cumulated([(each, found.get(self._key(value, each), 0)) for each in bounds]),
                found.get(self._key(value, "sum"), 0) / 1e6,
            )
            for value in self.values
        }

    def _key(self, value: str, part: str) -> str:
        return f"tally:{self.name}:{value}:{part}"


def _cumulated(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    total, found = 0, []
    for bound, count in counts:
        total += count
        found.append((bound, total))
    return found
