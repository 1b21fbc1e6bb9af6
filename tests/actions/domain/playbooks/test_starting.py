from __future__ import annotations

import datetime as dt

from actions.domain.playbooks.starting import Started, free_since, would_start
from tests.world import DAY, NOW

WEEK = 7 * DAY


def starts(*judged: dict[int, str], past: dict[int, str] | None = None, every: int = 14) -> list:
    moments = [(NOW + week * WEEK, found) for week, found in enumerate(judged)]
    return would_start(moments, past=past or {}, every_days=every)


def test_each_occasion_starts_once() -> None:
    assert starts({1: "a"}, {1: "a"}, {}, {1: "a"}) == [Started(NOW, 1, "a")]


def test_what_was_so_when_it_was_switched_on_starts_nothing() -> None:
    found = starts({1: "a", 2: "b"}, {1: "c"}, past={1: "a"})

    assert [(each.customer, each.occasion) for each in found] == [(2, "b"), (1, "c")]


def test_the_same_customer_waits_its_days_and_then_has_what_is_still_so() -> None:
    found = starts({1: "a", 2: "x"}, {1: "b"}, {1: "b"}, every=14)

    assert [(each.at, each.occasion) for each in found if each.customer == 1] == [
        (NOW, "a"), (NOW + 2 * WEEK, "b")
    ]  # fmt: skip


def test_so_many_days_later_it_is_free_again() -> None:
    assert free_since(NOW, every_days=14) == NOW - dt.timedelta(days=14)
