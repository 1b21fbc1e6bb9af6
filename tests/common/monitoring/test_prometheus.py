from __future__ import annotations

from django.core.cache import cache
from prometheus_client import generate_latest

from common.caching.tallies import Durations, Tally, flush
from common.monitoring.prometheus import age, counter, gauge, gauges, histogram, registry
from tests.world import HOUR, NOW

TALLY = Tally("asked", ["yes"])
DURATIONS = Durations("seconds", ["GET"])


def families(*, now):
    yield gauge("known", "It is.", age(now - HOUR, now=now))
    yield gauge("unknown", "It is not.", age(None, now=now))
    yield gauges("some", "By kind.", "kind", {"a": 1, "b": None})
    yield counter(TALLY, "Asked.", "answer")
    yield histogram(DURATIONS, "How long.", "method")


def test_what_is_not_known_has_no_sample(settings) -> None:
    settings.METRIC_SOURCES = [f"{__name__}.families"]
    flush()
    cache.clear()
    TALLY.add("yes", 3)
    DURATIONS.add("GET", 0.02)
    flush()

    lines = generate_latest(registry(now=NOW)).decode().splitlines()

    assert "koe_known 3600.0" in lines
    assert "# TYPE koe_unknown gauge" in lines
    assert not [line for line in lines if line.startswith(("koe_unknown", 'koe_some{kind="b"'))]
    assert 'koe_asked_total{answer="yes"} 3.0' in lines
    assert 'koe_seconds_bucket{le="0.01",method="GET"} 0.0' in lines
    assert 'koe_seconds_bucket{le="0.025",method="GET"} 1.0' in lines
    assert 'koe_seconds_count{method="GET"} 1.0' in lines
