"""Figures that many open: computed once, shown to all, never older than a minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from django.core.cache import cache

Value = TypeVar("Value")

# After this somebody computes again; the others go on with what there is until that is done.
FRESH_SECONDS = 15
# The promise is a minute: this, and the time that computing and loading the page take.
OLDEST_SECONDS = 45
LONGEST_COMPUTING = 30


@dataclass(frozen=True, slots=True)
class _Cached(Generic[Value]):
    # When reading the database began: what was written later may be missing.
    since: float
    value: Value


def cached(key: str, compute: Callable[[], Value], *, clock: Callable[[], float]) -> Value:
    """What `compute` gave lately. Nothing tells cheaply whether any of the rows that it read has
    changed - customers, revenue, every mail sent - so age decides, and not a fingerprint.
    """
    now = clock()
    found = cast("_Cached[Value] | None", cache.get(key))
    if found is not None and 0 <= now - found.since <= OLDEST_SECONDS:
        fresh = now - found.since <= FRESH_SECONDS
        if fresh or not cache.add(f"{key}:computing", 1, LONGEST_COMPUTING):
            return found.value
    value = compute()
    cache.set(key, _Cached(now, value), OLDEST_SECONDS)
    cache.delete(f"{key}:computing")
    return value
