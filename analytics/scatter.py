"""Segments as bubbles: NPS across, customer churn upwards, the area by MRR."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts import INK, PROMOTER, Spec, finished
from analytics.domain.placing import GAP, Point, Side, sides_of_labels
from analytics.reports import SegmentReport, SegmentRow

HEIGHT = 320
# Labels find their places on the width of a laptop's column; a wider page has only more room.
WIDTH = 440
FONT = 12
SMALLEST, LARGEST = 60.0, 1200.0


def is_plottable(row: SegmentRow) -> bool:
    return row.reportable and row.customer_churn_rate is not None


def scatter_chart(report: SegmentReport) -> Spec:
    """A bubble per reportable segment; who has no room for a label keeps its tooltip and row."""
    rows = [row for row in report.rows if is_plottable(row)]
    points = pd.DataFrame(
        [_point(row) for row in rows], columns=["segment", "nps", "churn", "mrr", "n"]
    )
    across = _domain(points["nps"], step=10, ends=(-100, 100))
    upwards = _domain(points["churn"], step=0.05, ends=(0, 1))
    areas = _areas(points["mrr"])
    x = alt.X(
        "nps:Q",
        title=_("NPS"),
        axis=alt.Axis(tickCount=8),
        scale=alt.Scale(domain=across, nice=False),
    )
    y = alt.Y(
        "churn:Q",
        title=_("Customer churn"),
        axis=alt.Axis(format=".0%", tickCount=6),
        scale=alt.Scale(domain=upwards, nice=False),
    )
    points = points.assign(area=areas, side=_sides(points, areas, across, upwards))
    base = alt.Chart(points).encode(x=x, y=y)
    bubbles = base.mark_circle(color=PROMOTER, opacity=0.55, stroke=PROMOTER).encode(
        size=alt.Size("area:Q", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("segment:N", title=_("Segment")),
            alt.Tooltip("nps:Q", format="+.0f", title=_("NPS")),
            alt.Tooltip("churn:Q", format=".1%", title=_("Customer churn")),
            alt.Tooltip("mrr:Q", format=",.0f", title=_("MRR at start")),
            alt.Tooltip("n:Q", title=_("Answers")),
        ],
    )
    return finished(alt.layer(bubbles, *_words(points, x=x, y=y)), height=HEIGHT)


def _point(row: SegmentRow) -> dict[str, Any]:
    return {
        "segment": row.label,
        "nps": row.nps,
        "churn": row.customer_churn_rate,
        "mrr": row.mrr_start or 0.0,
        "n": row.responses,
    }


def _domain(values: pd.Series, *, step: float, ends: tuple[float, float]) -> list[float]:
    """Whole steps around the values, one to spare for the bubbles, within what there can be."""
    if values.empty:
        return [*ends]
    low = math.floor(float(values.min()) / step) - 1
    high = math.ceil(float(values.max()) / step) + 1
    return [max(round(low * step, 6), ends[0]), min(round(high * step, 6), ends[1])]


def _areas(mrr: pd.Series) -> pd.Series:
    top = float(mrr.max()) if len(mrr) else 0.0
    share = mrr / top if top > 0 else mrr * 0
    return SMALLEST + share * (LARGEST - SMALLEST)


def _sides(
    points: pd.DataFrame, areas: pd.Series, across: Sequence[float], upwards: Sequence[float]
) -> list[str | None]:
    """The largest MRR has the first choice."""
    order = points["mrr"].sort_values(ascending=False).index
    placed = [
        Point(
            x=_share(points["nps"][at], across) * WIDTH,
            y=(1 - _share(points["churn"][at], upwards)) * HEIGHT,
            radius=_radius(areas[at]),
            label=points["segment"][at],
        )
        for at in order
    ]
    sides = sides_of_labels(placed, width=WIDTH, height=HEIGHT, size=FONT)
    found = dict(zip(order, sides, strict=True))
    return [found[at] for at in points.index]


def _share(value: float, domain: Sequence[float]) -> float:
    low, high = domain
    return (value - low) / (high - low)


def _words(points: pd.DataFrame, *, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A layer per point: how far a label stands from its bubble is no channel of Vega-Lite."""
    layers = []
    for _place, row in points[points["side"].notna()].iterrows():
        beside = _beside(row["side"], away=_radius(row["area"]) + GAP)
        words = alt.Chart(pd.DataFrame([row])).mark_text(color=INK, fontSize=FONT, **beside)
        layers.append(words.encode(x=x, y=y, text="segment:N"))
    return layers


def _radius(area: float) -> float:
    return math.sqrt(area / math.pi)


def _beside(side: str, *, away: float) -> dict[str, Any]:
    if side == Side.ABOVE:
        return {"dy": -away, "baseline": "bottom"}
    if side == Side.BELOW:
        return {"dy": away, "baseline": "top"}
    if side == Side.RIGHT:
        return {"dx": away, "align": "left", "baseline": "middle"}
    return {"dx": -away, "align": "right", "baseline": "middle"}
