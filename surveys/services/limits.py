"""Limits of the public pages. A cache that is away lets everybody through."""

from __future__ import annotations

import ipaddress
import logging

from django.core.cache import cache

from surveys.domain.answers.validity import POSTS_PER_LINK, POSTS_WITHIN

MISSES_PER_NETWORK = 30
MISS_SECONDS = 60

logger = logging.getLogger(__name__)


def too_many_posts(public_id: str, *, kind: str) -> bool:
    return _over(
        f"posts:{kind}:{public_id}", limit=POSTS_PER_LINK, seconds=int(POSTS_WITHIN.total_seconds())
    )


def too_many_misses(address: str) -> bool:
    return _over(f"misses:{_network(address)}", limit=MISSES_PER_NETWORK, seconds=MISS_SECONDS)


def _over(key: str, *, limit: int, seconds: int) -> bool:
    try:
        if cache.add(key, 1, seconds):
            return False
        return int(cache.incr(key)) > limit
    except Exception as error:  # whatever backend it is: answering matters more than a limit
        logger.warning("The cache did not answer, so no limit was held: %s", error)
        return False


def _network(address: str) -> str:
    """An IPv6 subscriber has a whole /64 to change addresses in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)
