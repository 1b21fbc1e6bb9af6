from __future__ import annotations

import datetime as dt

from django.core.cache import cache

from common.resilience.heartbeat import Sign, Throttle, is_kept, last_signs, note
from tests.world import NOW, Clock


def test_what_was_seen_is_kept_by_queue_and_the_rest_is_missing() -> None:
    cache.clear()
    assert last_signs(["mail", "plan"]) == {}

    note(Sign.BEAT, now=NOW)
    note(Sign.WORKER, "mail", now=NOW - dt.timedelta(minutes=1))

    assert last_signs(["mail", "plan"]) == {
        (Sign.BEAT, ""): NOW,
        (Sign.WORKER, "mail"): NOW - dt.timedelta(minutes=1),
    }


def test_a_cache_that_takes_nothing_is_known_for_it(monkeypatch) -> None:
    assert is_kept()
    cache.clear()

    monkeypatch.setattr(cache, "set", lambda *_args, **_kwargs: None)

    assert not is_kept()


def test_one_process_tells_of_the_same_once_in_a_while() -> None:
    clock = Clock()
    throttle = Throttle(15, clock=clock)

    told = []
    for seconds in (0, 14, 1, 1):
        clock.now += seconds
        told.append((throttle.lets("mail"), throttle.lets("plan")))

    assert told == [(True, True), (False, False), (True, True), (False, False)]
