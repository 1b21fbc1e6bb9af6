from __future__ import annotations

import datetime as dt
import logging
import math

from django.core.cache import cache

from api.models import ApiKey

# Short where a key may do much, so that nobody waits a minute for what was too much at once.
_SHORT, _LONG = 10, 60
logger = logging.getLogger(__name__)


def seconds_to_wait(key: ApiKey, *, now: dt.datetime) -> int:
    """0 where the key may go on. A cache that is away lets everybody through."""
    length = _LONG if key.rate < _LONG else _SHORT
    most = math.ceil(key.rate * length / 60)
    second = int(now.timestamp())
    name = f"api-rate:{key.pk}:{second // length}"
    try:
        used = 1 if cache.add(name, 1, length * 2) else int(cache.incr(name))
    except Exception as error:  # whatever backend it is: answering matters more than a limit
        logger.warning("The cache did not answer, so no limit was held: %s", error)
        return 0
    return length - second % length if used > most else 0
