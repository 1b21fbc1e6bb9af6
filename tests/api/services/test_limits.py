from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.api.calling import Caller
from tests.world import NOW, SECOND

pytestmark = pytest.mark.django_db


def test_a_key_waits_whole_seconds_when_it_asks_too_often(time_machine) -> None:
    time_machine.move_to(NOW + 50 * SECOND, tick=False)
    slow, other = Caller(rate=2), Caller(rate=2)

    statuses = [slow("GET", "metrics").status_code for _ in range(3)]
    refused = slow("GET", "people")
    assert statuses == [200, 200, 429]
    assert (refused["Retry-After"], refused.json()["message"]) == ("10", "Too Many Requests")
    assert other("GET", "metrics").status_code == 200
    time_machine.move_to(NOW + 60 * SECOND, tick=False)
    assert slow("GET", "metrics").status_code == 200


def test_a_key_that_may_do_much_waits_ten_seconds_at_most(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)
    caller = Caller(rate=60)

    statuses = {caller("GET", "metrics").status_code for _ in range(10)}
    assert statuses == {200}
    assert caller("GET", "metrics")["Retry-After"] == "10"


def test_a_cache_that_is_away_lets_everybody_through(monkeypatch) -> None:
    def away(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)
    caller = Caller(rate=1)

    assert [caller("GET", "metrics").status_code for _ in range(3)] == [200] * 3
