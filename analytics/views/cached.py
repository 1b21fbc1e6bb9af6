"""Figures that may be a minute old, because all of their page would cost more."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TypeVar

from django.db.models import Max

from accounts.models import Dimension, Import
from analytics.queries.filters import Filters
from common.caching.cached import cached, is_kept

Value = TypeVar("Value")

# The promise is a minute: the oldest, and the time that computing and loading the page take.
FRESH_SECONDS, OLDEST_SECONDS = 15, 45


class NotKept(Exception):
    """Nobody keeps the figures, and the page does not wait for them."""


def cached_report(
    name: str,
    filters: Filters,
    compute: Callable[[], Value],
    *,
    today: dt.date,
    layout: Sequence[type],
    also: object = None,
    fresh: int = FRESH_SECONDS,
    waits: bool = True,
) -> Value:
    """Nothing tells cheaply whether any of the rows that it reads has changed - customers, revenue,
    every mail sent - so age decides, and not a fingerprint of them.

    `layout`: of what is stored; a new version must not be handed what an older one cached.
    `also`: what it depends on besides, such as settings. `fresh`: for so many seconds nobody
    computes again. Raises NotKept where it would have to and the caller does not wait (`waits`).
    """
    key = f"{name}:{today}:{_digest((filters, also))}:{_fingerprint_of_changes(layout)}"
    if not waits and not is_kept(key, oldest=OLDEST_SECONDS):
        raise NotKept
    return cached(key, compute, fresh=fresh, oldest=OLDEST_SECONDS, clock=time.time)


def _fingerprint_of_changes(layout: Sequence[type]) -> str:
    """What staff change themselves they expect to see at once; answers may take a minute."""
    imported = Import.objects.aggregate(Max("finished_at"))["finished_at__max"]
    dimensions = list(Dimension.objects.values_list())
    fields = [name for each in layout for name in getattr(each, "__slots__", ())]
    return _digest((imported, dimensions, fields))


def _digest(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=10).hexdigest()
