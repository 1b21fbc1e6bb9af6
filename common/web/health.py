"""Whether this machine serves: `live` asks nothing, `machine_checks` what every page needs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from common.resilience.database import is_writable, pending_migrations


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def machine_checks() -> dict[str, bool]:
    """Each by its name, in the order in which one looks for what is wrong."""
    answers = _database_answers()
    return {
        "database": answers,
        "database_writable": answers and _asked(is_writable),
        "migrations": answers and _asked(lambda: not pending_migrations()),
        "redis": _redis_works(),
    }


def _asked(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        return False


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_works() -> bool:
    """Whether it takes changes: one that is full, read-only or in MISCONF answers all the same."""
    # Not by the cache, which goes on without Redis.
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.set("koe:health", 1, ex=60))
    except RedisError:
        return False
    finally:
        client.close()
