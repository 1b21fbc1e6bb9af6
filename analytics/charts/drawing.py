"""Charts as Vega-Lite, declared once for the page and for the files.

The colours are those of static/css/koe.css, which stay apart for every common colour vision; a
shape, a dash or a word always says the same as the colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

Spec = dict[str, Any]

# Altair's limit guards notebooks; ten years of cohorts are more rows, and our pages show them.
alt.data_transformers.disable_max_rows()
# Against the schema of Vega-Lite: an eighth of a page's work, so the tests alone do it.
VALIDATES = False


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a report, for its page and for files; drawn only where it is asked for."""

    # In addresses.
    name: str
    # The question that it answers.
    title: str
    draw: Callable[[], Spec]
    # What it shows, in a sentence, for those who do not see it.
    alt: Callable[[], str]
    # What a file of it must say itself, as the page does beside it.
    notes: Sequence[str] = ()


PROMOTER, PASSIVE, DETRACTOR, INK = "#1d63ad", "#a9b1ba", "#c44a15", "#566170"
# The first is vendored for pictures drawn without a browser; pages set their own by style sheet.
FONTS = "Koe Sans JP, Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, sans-serif"
# Narrower than this, words stand aslant or go.
PHONE = 420


def finished(chart: Any, *, height: int) -> Spec:
    chart = chart.properties(width="container", height=height)
    chart = chart.configure(
        font=FONTS,
        axis=alt.AxisConfig(labelFontSize=12, titleFontSize=12, titleFontWeight="normal"),
        legend=alt.LegendConfig(labelFontSize=12, titleFontSize=12),
        view=alt.ViewConfig(stroke=None),
    )
    spec: Spec = chart.to_dict(validate=VALIDATES)
    return spec


def by_width(rest: str) -> alt.ExprRef:
    """An expression of the chart's own width, which a page knows only when it is drawn."""
    return alt.ExprRef(f"width {rest}")


def tooltips(**titles: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]
