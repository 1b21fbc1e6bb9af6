"""Segments as bubbles, and which of them get their names."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from analytics.charts.segments import HEIGHT, SMALLEST, WIDTHS, scatter_chart
from analytics.domain.periods import Period
from analytics.exports.pictures import Heading, as_svg
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import segment_report
from tests.analytics import world

pytestmark = pytest.mark.django_db
APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))


def test_bubbles_are_drawn_with_their_names() -> None:
    world.three_bands()
    chart = scatter_chart(segment_report(Filters(APRIL, by=("size",))).plottable)
    svg = as_svg(chart, Heading("Size", []))
    assert all(f">{label}<" in svg for label in ("small", "middle", "large"))
    assert scatter_chart(segment_report(Filters(APRIL)).plottable)["height"] == chart["height"]


def test_no_bubble_hangs_over_the_words_of_an_axis() -> None:
    """Nobody left, and NPS is at both of its ends."""
    world.three_bands()
    chart = scatter_chart(segment_report(Filters(APRIL, by=("size",))).plottable)
    encodings = chart["layer"][0]["encoding"]
    bubbles = [row for rows in chart["datasets"].values() for row in rows if "dx" not in row]
    sizes = {"nps": ("x", WIDTHS[0]), "churn": ("y", HEIGHT)}

    for name, (axis, size) in sizes.items():
        low, high = encodings[axis]["scale"]["domain"]
        for row in bubbles:
            radius = math.sqrt(row["area"] / math.pi) * (high - low) / size
            assert low <= row[name] - radius + 1e-9, (name, row)
            assert row[name] + radius <= high + 1e-9, (name, row)
    assert encodings["x"]["axis"]["values"] == [-100, -50, 0, 50, 100]
    assert min(encodings["y"]["axis"]["values"]) == 0


def test_the_worst_segments_have_the_first_choice_of_room_for_their_names() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    for number in range(5):
        customer = {
            "plan": f"plan {number}",
            "started_on": dt.date(2025, 1, 1),
            "churned_on": dt.date(2026, 4, 20) if number == 0 else None,
            "mrr": {"2026-03": 10 + 10 * number},
        }
        scores = [*[0] * (9 - number), *[9] * 8]
        world.give_scores_apart(campaign, *scores, customer=customer)

    chart = scatter_chart(segment_report(Filters(APRIL, by=("plan",))).plottable)

    labels = [rows for rows in chart["datasets"].values() if rows and "dx" in rows[0]]
    assert {rows[0]["segment"] for rows in labels} == {"plan 0"}


def test_mrr_that_is_not_known_is_no_zero() -> None:
    world.make_dimension("plan")
    customer = {"plan": "pro", "started_on": dt.date(2025, 1, 1)}
    world.give_scores_apart(world.make_campaign(), *[9] * 12, customer=customer)

    chart = scatter_chart(segment_report(Filters(APRIL, by=("plan",))).plottable)

    [points] = [rows for rows in chart["datasets"].values() if rows and "dx" not in rows[0]]
    assert [(each["mrr"], each["area"]) for each in points] == [(None, SMALLEST)]
