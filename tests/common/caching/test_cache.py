from __future__ import annotations

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from accounts.models import StaffUser
from common.caching.cache import FailOpenCache
from tests.servers.services import free_port


@pytest.fixture
def away() -> FailOpenCache:
    """A cache of which the server is not there."""
    return FailOpenCache(f"redis://127.0.0.1:{free_port()}/0", {})


def test_a_cache_that_is_away_has_forgotten_everything(away) -> None:
    assert away.add("key", 1) is True
    assert away.get("key") is None
    assert away.get("key", "default") == "default"
    assert away.set("key", 1) is None
    assert away.get_many(["key"]) == {}
    assert away.incr("key") == 1
    assert away.delete("key") is False


def test_the_plain_cache_would_have_failed(away) -> None:
    """Otherwise the test above could pass with a server that answers."""
    with pytest.raises(RedisError):
        RedisCache.get(away, "key")


def test_a_cache_that_is_there_keeps_things(redis_url) -> None:
    cache = FailOpenCache(redis_url, {})

    cache.set("key", "value")

    assert (cache.get("key"), cache.add("key", 1)) == ("value", False)


def test_logging_in_works_while_redis_is_away(client, settings, db) -> None:
    StaffUser.objects.create_user("cs@koe.example", "a long password", role="cs")
    settings.CACHES = {
        "default": {
            "BACKEND": "common.caching.cache.FailOpenCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        }
    }

    response = client.post(
        "/accounts/login/", {"login": "cs@koe.example", "password": "a long password"}
    )

    assert (response.status_code, response.headers["Location"]) == (302, "/")
