"""Figures that are computed once for all, and how old they may be."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from analytics.views.report_cache import FRESH_SECONDS, LONGEST_COMPUTING, OLDEST_SECONDS, cached

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_while_one_computes_the_others_see_what_there_is() -> None:
    clock, calls = Clock(), []

    def compute() -> int:
        calls.append(clock.now)
        if len(calls) == 2:
            # Somebody else comes by while the second value is being made.
            assert cached("figures", compute, clock=clock) == 1
        return len(calls)

    assert cached("figures", compute, clock=clock) == 1
    clock.now += FRESH_SECONDS + 1
    assert cached("figures", compute, clock=clock) == 2
    assert len(calls) == 2


def test_what_is_too_old_is_shown_to_nobody() -> None:
    clock = Clock()
    cached("figures", lambda: "old", clock=clock)
    clock.now += OLDEST_SECONDS + 1
    cache.add("figures:computing", 1, LONGEST_COMPUTING)

    assert cached("figures", lambda: "new", clock=clock) == "new"


def test_a_clock_that_was_set_back_does_not_hold_the_figures() -> None:
    clock = Clock()
    cached("figures", lambda: "old", clock=clock)
    clock.now -= 3_600

    assert cached("figures", lambda: "new", clock=clock) == "new"
