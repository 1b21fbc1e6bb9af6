from __future__ import annotations

import pytest
from django.test import Client

from tests.surveys.helpers.invited import answer_path, invite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_31st_wrong_token_of_a_network_in_a_minute_is_refused_but_real_links_never(
    visitor: Client,
) -> None:
    path = answer_path(invite())
    codes = [visitor.get(f"/s/wrong{n}/", REMOTE_ADDR="192.0.2.1").status_code for n in range(31)]
    assert codes == [404] * 30 + [429]
    assert visitor.get(path, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert visitor.get("/s/wrong/", REMOTE_ADDR="192.0.2.2").status_code == 404


def test_ipv6_misses_count_per_network(visitor: Client) -> None:
    codes = [
        visitor.get("/s/wrong/", REMOTE_ADDR=f"2001:db8:1:2::{n:x}").status_code for n in range(31)
    ]
    assert codes[-1] == 429
    assert visitor.get("/s/wrong/", REMOTE_ADDR="2001:db8:1:3::1").status_code == 404


def test_refused_posts_of_a_token_are_limited_too(visitor: Client) -> None:
    path = answer_path(invite())
    codes = [visitor.post(path, {"score": "99"}).status_code for _ in range(21)]
    assert codes == [400] * 20 + [429]
    assert visitor.post(path, {"score": "9"}).status_code == 303


def test_a_cache_that_is_away_stops_nobody(visitor: Client, settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    assert visitor.post(answer_path(invite()), {"score": "9"}).status_code == 303
    assert visitor.get("/s/wrong/").status_code == 404
