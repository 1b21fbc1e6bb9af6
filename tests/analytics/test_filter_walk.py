"""The way of a filter from the address to the figures, as docs/architecture.md tells it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from analytics.counting.cells import folding
from tests.analytics import world
from tests.tracing import ROOT, carriers_of, told_walk

ADDRESS = "/analytics/segments/?from=2026-04-01&to=2026-06-30&by=plan&where=plan%3Dgold"


def holds_filter(value: Any) -> bool:
    """The filter itself, what carries it as `filters` or `where`, or its text from the address."""
    if isinstance(value, dict):
        return value == {"plan": ["gold"]}
    where = getattr(getattr(value, "filters", value), "where", None)
    return isinstance(where, dict) and holds_filter(where)


def test_a_filter_passes_the_modules_of_the_chart_and_no_others(viewer: Client) -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    for plan in ("gold", "tin"):
        world.give_scores(world.make_customer(plan=plan), campaign, 10, 0)
    folding.fold_all()
    viewer.get(ADDRESS)
    walk = told_walk("A filter by segment goes ", ", and comes back")
    on_the_way_out = {"views/downloads.py", "exports/files.py"}

    passed = carriers_of(
        lambda: viewer.get(f"{ADDRESS}&format=json"), folder="analytics", holds=holds_filter
    )

    assert "queries/answers/profiles.py" in passed
    assert set(passed) - set(walk) == on_the_way_out
    assert len(walk) <= 8
    assert [each for each in walk if not (ROOT / "analytics" / each).exists()] == []
