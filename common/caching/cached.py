"""What many pages show: computed once, shown to all, and never older than it may be."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.cache import cache

Value = TypeVar("Value")

LONGEST_COMPUTING = 30


@dataclass(frozen=True, slots=True)
class _Cached(Generic[Value]):
    # When reading the database began: what was written later may be missing.
    since: float
    value: Value


def cached(
    key: str,
    compute: Callable[[], Value],
    *,
    fresh: int,
    oldest: int,
    clock: Callable[[], float] = time.time,
) -> Value:
    """What `compute` gave lately, in seconds: once it is not `fresh` somebody computes again, and
    the others go on with what there is until it is the `oldest` that may be shown.
    """
    now = clock()
    found: _Cached[Value] | None = _read(key)
    if found is not None and 0 <= now - found.since <= oldest:
        is_fresh = now - found.since <= fresh
        if is_fresh or not cache.add(f"{key}:computing", 1, LONGEST_COMPUTING):
            return found.value
    value = compute()
    cache.set(key, _Cached(now, value), oldest)
    cache.delete(f"{key}:computing")
    return value


def is_kept(key: str, *, oldest: int, clock: Callable[[], float] = time.time) -> bool:
    found: _Cached[object] | None = _read(key)
    return found is not None and 0 <= clock() - found.since <= oldest


def _read(key: str) -> _Cached[Value] | None:
    try:
        found = cache.get(key)
    except (ImportError, AttributeError):
        # Written by another version of Koe, of classes that stand elsewhere in this one.
        return None
    return found if isinstance(found, _Cached) else None
