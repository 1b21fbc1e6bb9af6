from __future__ import annotations

from django.core.cache import cache

from common.resilience.heartbeat import beat, last_beat
from tests.world import NOW


def test_the_last_beat_is_kept_and_unknown_before_the_first() -> None:
    cache.clear()
    assert last_beat() is None

    beat(NOW)

    assert last_beat() == NOW
