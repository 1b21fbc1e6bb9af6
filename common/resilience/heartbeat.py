"""That the background works: each minute's tick leaves its moment behind.

Beat alone schedules it and a worker alone runs it, so one moment speaks for both. It is kept in
the cache: without Redis there would be no tick either, and nothing is known then.
"""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache

_KEY, _KEPT_SECONDS = "heartbeat", 7 * 86_400
# So many ticks may be late before it is worth a word.
QUIET = dt.timedelta(minutes=5)


def beat(now: dt.datetime) -> None:
    cache.set(_KEY, now, _KEPT_SECONDS)


def last_beat() -> dt.datetime | None:
    found: dt.datetime | None = cache.get(_KEY)
    return found
