"""The way of a filter from the address to the figures, as docs/architecture.md tells it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.test import Client

from analytics.counting import folding
from tests.analytics import world

APP = Path(settings.BASE_DIR) / "analytics"
CHART = Path(settings.BASE_DIR) / "docs/architecture.md"
ADDRESS = "/analytics/segments/?from=2026-04-01&to=2026-06-30&by=plan&where=plan%3Dgold"


def walk() -> list[str]:
    text = CHART.read_text(encoding="utf-8")
    (sentence,) = re.findall(r"A filter by segment goes (.*?), and comes back", text, re.S)
    return re.findall(r"`([\w/]+\.py)`", sentence)


def holds_filter(value: Any) -> bool:
    """The filter itself, what carries it as `filters` or `where`, or its text from the address."""
    if isinstance(value, dict):
        return value == {"plan": ["gold"]}
    where = getattr(getattr(value, "filters", value), "where", None)
    return isinstance(where, dict) and holds_filter(where)


def carriers_of(work: Callable[[], object]) -> list[str]:
    """The modules of analytics with a function that was handed the filter, as they come."""
    found: list[str] = []

    def watch(frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(str(APP)):
            return
        arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        name = code.co_filename.removeprefix(f"{APP}/")
        if name not in found and any(holds_filter(frame.f_locals[each]) for each in arguments):
            found.append(name)

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def test_a_filter_passes_the_modules_of_the_chart_and_no_others(viewer: Client) -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    for plan in ("gold", "tin"):
        world.give_scores(world.make_customer(plan=plan), campaign, 10, 0)
    folding.fold_all()
    viewer.get(ADDRESS)
    on_the_way_out = {"views/downloads.py", "exports/files.py"}

    passed = carriers_of(lambda: viewer.get(f"{ADDRESS}&format=json"))

    assert "queries/answers/profiles.py" in passed
    assert set(passed) - set(walk()) == on_the_way_out
    assert len(walk()) <= 8
    assert [each for each in walk() if not (APP / each).exists()] == []
