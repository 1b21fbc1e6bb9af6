from __future__ import annotations

from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from django.conf import settings

from analytics.charts.drawing import (
    DETRACTOR,
    FONTS,
    INK,
    PASSIVE,
    PHONE,
    PROMOTER,
    by_width,
    finished,
    tooltips,
)


def test_a_chart_is_as_wide_as_its_place_and_has_our_font() -> None:
    points = alt.Chart(pd.DataFrame({"a": [1]})).mark_point()

    spec = finished(points.encode(x="a:Q"), height=120)

    assert (spec["width"], spec["height"]) == ("container", 120)
    assert spec["config"]["font"] == FONTS
    assert spec["config"]["view"]["stroke"] is None
    # Pictures are drawn with the font that is vendored.
    assert FONTS.startswith("Koe Sans JP, ")


def test_rows_are_never_too_many() -> None:
    points = alt.Chart(pd.DataFrame({"a": range(5_001)})).mark_point()

    (drawn,) = finished(points.encode(x="a:Q"), height=10)["datasets"].values()

    assert len(drawn) == 5_001


def test_a_phone_is_told_by_the_width_that_the_chart_gets() -> None:
    assert by_width(f"< {PHONE} ? 2 : 4").to_dict() == {"expr": "width < 420 ? 2 : 4"}


def test_a_tooltip_shows_texts_under_their_titles() -> None:
    shown = [each.to_dict() for each in tooltips(group="グループ", n="At risk")]

    assert shown == [
        {"field": "group", "title": "グループ", "type": "nominal"},
        {"field": "n", "title": "At risk", "type": "nominal"},
    ]


@pytest.mark.parametrize("colour", [PROMOTER, PASSIVE, DETRACTOR, INK])
@pytest.mark.parametrize("kind", ["fill", "stroke"])
def test_every_colour_has_another_one_on_dark_ground(colour: str, kind: str) -> None:
    style = Path(settings.BASE_DIR, "static/css/koe.css").read_text()

    assert f'[data-bs-theme="dark"] .chart svg [{kind}="{colour}"] {{ {kind}: var(' in style
