"""Charts as files: what stands around them comes along, and their words can be drawn anywhere."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings as project
from django.test import Client

from analytics.exports.pictures import Heading, as_png, as_svg
from analytics.registry import REPORTS
from tests.analytics import world

FONT = Path(project.BASE_DIR) / "static/vendor/noto-sans-cjk/KoeSansJP-Regular.otf"
SPEC = {
    "data": {"values": [{"a": 1}]},
    "mark": "point",
    "encoding": {"x": {"field": "a"}},
    "width": 100,
    "height": 50,
}


def test_a_file_says_whose_figures_of_when_and_what_was_chosen(viewer: Client, settings) -> None:
    settings.ORGANISATION_NAME = "青葉 Works"
    world.make_dimension("plan", label="Plan")
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), *[10] * 12)
    address = "from=2026-04-01&to=2026-06-30&step=rolling-3&where=plan%3Dgold&format=svg"

    svg = viewer.get(f"/analytics/trend/?{address}").content.decode()

    for words in (
        "Does NPS rise or fall?", "青葉 Works", "1 Apr 2026 to 30 Jun 2026",
        "Limit to: Plan = gold", "Rolling 3 months", "neighbours share answers",
    ):  # fmt: skip
        assert words in svg


def test_every_chart_of_a_page_has_a_title_for_its_file(viewer: Client) -> None:
    known = {"nps-and-churn", "nps", "response-rate", "customer-churn", "nrr", "survival",
             "customers", "revenue", "movements", "csat", "predictors", "calibration"}  # fmt: skip
    found = set()
    for each in REPORTS:
        for chart in viewer.get(f"/analytics/{each.path}").context["charts"].values():
            found.add(chart["id"])
            svg = viewer.get(f"/analytics/{each.path}?format=svg&chart={chart['id']}")
            assert chart["title"] in svg.content.decode()

    assert found == known


def test_words_that_a_file_cannot_show_are_drawn_otherwise() -> None:
    """Two kanji and two boxes of a font without them would be the same picture."""
    first, second = (as_png(SPEC, Heading(title, [])) for title in ("契約", "解約"))

    assert first != second
    assert "Koe Sans JP" in as_svg({**SPEC, "config": {"font": "Koe Sans JP"}}, Heading("契", []))
    assert FONT.stat().st_size > 1_000_000
