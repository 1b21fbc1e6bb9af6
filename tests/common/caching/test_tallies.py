from __future__ import annotations

import pytest
from django.core.cache import cache

from common.caching import tallies
from common.caching.tallies import BOUNDS, Durations, Tally, flush


@pytest.fixture(autouse=True)
def emptied() -> None:
    flush()
    cache.clear()


def test_what_processes_count_is_added_up_once_it_is_flushed() -> None:
    tally = Tally("made_up", ["a", "b"])
    tally.add("a")
    tally.add("a", 2)
    tally.add("not listed")
    assert tally.read() == {"a": 0, "b": 0}

    flush()
    tally.add("a")
    flush()

    assert tally.read() == {"a": 4, "b": 0}


def test_it_is_flushed_by_itself(monkeypatch) -> None:
    monkeypatch.setattr(tallies, "FLUSH_SECONDS", 0.01)
    tally = Tally("made_up", ["a"])

    tally.add("a")
    assert tallies._buffer.timer
    tallies._buffer.timer.join(5)

    assert tally.read() == {"a": 1}


def test_durations_fall_into_buckets_that_hold_all_shorter_ones() -> None:
    durations = Durations("made_up_seconds", ["GET"])
    for seconds in (0.001, 0.005, 0.3, 100):
        durations.add("GET", seconds)
    flush()

    found = durations.read()["GET"]

    assert dict(found.buckets)["0.005"] == 2
    assert dict(found.buckets)["0.25"] == 2
    assert dict(found.buckets)["0.5"] == 3
    assert dict(found.buckets)["+Inf"] == 4
    assert len(found.buckets) == len(BOUNDS) + 1
    assert found.seconds == pytest.approx(100.306)


def test_a_cache_that_is_away_or_was_emptied_costs_the_counts_and_nothing_else(
    monkeypatch,
) -> None:
    tally = Tally("made_up", ["a"])
    tally.add("a")
    monkeypatch.setattr(cache, "add", lambda *_args, **_kwargs: True)  # as one that is away says

    flush()

    assert tally.read() == {"a": 0}
