from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from common.resilience.circuit_breaker import CircuitBreaker

AWAY_SECONDS = 5.0
logger = logging.getLogger(__name__)
# By server, as each thread has a cache of its own.
_breakers: defaultdict[str, CircuitBreaker] = defaultdict(partial(CircuitBreaker, AWAY_SECONDS))


def failing_open(name: str, away: Any) -> Callable[..., Any]:
    """The cache's method of that name; `away` is its answer where Redis is not there."""

    def method(self: FailOpenCache, *args: Any, **kwargs: Any) -> Any:
        if self.breaker.is_open:
            return away(*args, **kwargs)
        try:
            return getattr(super(FailOpenCache, self), name)(*args, **kwargs)
        except RedisError as error:
            self.breaker.trip()
            logger.warning("The cache is away (%s); going on without it.", error)
            return away(*args, **kwargs)

    return method


class FailOpenCache(RedisCache):
    """A cache that is away has forgotten everything, and nothing fails for it.

    Limits are not held meanwhile: logging in and answering matter more.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.breaker = _breakers[server]

    add = failing_open("add", lambda *_args, **_kwargs: True)
    get = failing_open("get", lambda _key, default=None, **_kwargs: default)
    set = failing_open("set", lambda *_args, **_kwargs: None)
    touch = failing_open("touch", lambda *_args, **_kwargs: False)
    delete = failing_open("delete", lambda *_args, **_kwargs: False)
    get_many = failing_open("get_many", lambda *_args, **_kwargs: {})
    has_key = failing_open("has_key", lambda *_args, **_kwargs: False)
    incr = failing_open("incr", lambda _key, delta=1, **_kwargs: delta)
    set_many = failing_open("set_many", lambda *_args, **_kwargs: [])
    delete_many = failing_open("delete_many", lambda *_args, **_kwargs: None)
