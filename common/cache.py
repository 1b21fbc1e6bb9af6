from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from common.patience import Patience

AWAY_SECONDS = 5.0
logger = logging.getLogger(__name__)
# By server, as each thread has a cache of its own.
_patience: defaultdict[str, Patience] = defaultdict(partial(Patience, AWAY_SECONDS))


def patiently(name: str, away: Any) -> Callable[..., Any]:
    """The cache's method of that name; `away` is its answer where Redis is not there."""

    def method(self: PatientCache, *args: Any, **kwargs: Any) -> Any:
        if self.patience.is_over:
            return away(*args, **kwargs)
        try:
            return getattr(super(PatientCache, self), name)(*args, **kwargs)
        except RedisError as error:
            self.patience.lose()
            logger.warning("The cache is away (%s); going on without it.", error)
            return away(*args, **kwargs)

    return method


class PatientCache(RedisCache):
    """A cache that is away has forgotten everything, and nothing fails for it.

    Limits are not held meanwhile: logging in and answering matter more.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.patience = _patience[server]

    add = patiently("add", lambda *_args, **_kwargs: True)
    get = patiently("get", lambda _key, default=None, **_kwargs: default)
    set = patiently("set", lambda *_args, **_kwargs: None)
    touch = patiently("touch", lambda *_args, **_kwargs: False)
    delete = patiently("delete", lambda *_args, **_kwargs: False)
    get_many = patiently("get_many", lambda *_args, **_kwargs: {})
    has_key = patiently("has_key", lambda *_args, **_kwargs: False)
    incr = patiently("incr", lambda _key, delta=1, **_kwargs: delta)
    set_many = patiently("set_many", lambda *_args, **_kwargs: [])
    delete_many = patiently("delete_many", lambda *_args, **_kwargs: None)
