"""Figures that are computed once for all, and how old they may be."""

from __future__ import annotations

import sys
from functools import partial
from types import ModuleType

import pytest
from django.core.cache import cache

from common.caching import cached as module
from common.caching.cached import LONGEST_COMPUTING
from tests.world import Clock

FRESH, OLDEST = 15, 45
cached = partial(module.cached, fresh=FRESH, oldest=OLDEST)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def test_while_one_computes_the_others_see_what_there_is() -> None:
    clock, calls = Clock(), []

    def compute() -> int:
        calls.append(clock.now)
        if len(calls) == 2:
            # Somebody else comes by while the second value is being made.
            assert cached("figures", compute, clock=clock) == 1
        return len(calls)

    assert cached("figures", compute, clock=clock) == 1
    clock.now += FRESH + 1
    assert cached("figures", compute, clock=clock) == 2
    assert len(calls) == 2


def test_what_is_too_old_is_shown_to_nobody() -> None:
    clock = Clock()
    cached("figures", lambda: "old", clock=clock)
    clock.now += OLDEST + 1
    cache.add("figures:computing", 1, LONGEST_COMPUTING)

    assert cached("figures", lambda: "new", clock=clock) == "new"


def test_a_clock_that_was_set_back_does_not_hold_the_figures() -> None:
    clock = Clock()
    cached("figures", lambda: "old", clock=clock)
    clock.now -= 3_600

    assert cached("figures", lambda: "new", clock=clock) == "new"


def test_nothing_found_is_kept_like_anything_else() -> None:
    assert cached("figures", lambda: None, clock=Clock()) is None
    assert cached("figures", lambda: "new", clock=Clock()) is None


def test_what_another_version_left_is_computed_again(monkeypatch) -> None:
    """A module that has moved, a class that is gone, and a value that was kept bare."""
    older = ModuleType("older")
    exec("class Figures: pass", older.__dict__)
    older.Figures.__module__ = "older"
    monkeypatch.setitem(sys.modules, "older", older)
    for key in ("moved", "gone"):
        cached(key, older.Figures)
    cache.set("bare", ("Aoba", "Ito"))

    del older.Figures
    assert cached("gone", lambda: "new") == "new"
    monkeypatch.delitem(sys.modules, "older")
    assert cached("moved", lambda: "new") == "new"
    assert cached("bare", lambda: "new") == "new"
