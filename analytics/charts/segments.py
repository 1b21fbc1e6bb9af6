"""Segments as bubbles: NPS across, customer churn upwards, the area by MRR."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import INK, PROMOTER, Spec, finished
from analytics.charts.label_placement import GAP, Point, Position, place_labels
from common.templatetags.figures import write_number, write_percent

HEIGHT = 320
# Labels find their places once for each of these widths; shown are those of the widest that fits.
WIDTHS = (260, 520, 780, 960)
FONT = 12
SMALLEST, LARGEST = 60.0, 1200.0
LARGEST_RADIUS = math.sqrt(LARGEST / math.pi)
MOST_TICKS = 8
# Of the at most 21 steps between the ends of an axis.
STRIDES = (1, 2, 5)


class Bubble(Protocol):
    """A segment, as far as the chart shows it."""

    @property
    def label(self) -> str: ...
    @property
    def responses(self) -> int: ...
    @property
    def nps(self) -> float | None: ...
    @property
    def customer_churn_rate(self) -> float | None: ...
    @property
    def mrr_start(self) -> float | None: ...


def scatter_chart(bubbles: Sequence[Bubble]) -> Spec:
    """A bubble per segment; who has no room for a label keeps its tooltip and row."""
    points = pd.DataFrame(
        [_point(bubble) for bubble in bubbles], columns=["segment", "nps", "churn", "mrr", "n"]
    )
    nps = _steps(points["nps"], step=10, ends=(-100, 100))
    churn = _steps(points["churn"], step=0.05, ends=(0, 1))
    across, upwards = _padded(nps, size=WIDTHS[0]), _padded(churn, size=HEIGHT)
    areas = _areas(points["mrr"].astype(float).fillna(0.0))
    x = alt.X(
        "nps:Q",
        title=_("NPS"),
        axis=alt.Axis(values=_ticks(nps, step=10)),
        scale=alt.Scale(domain=across, nice=False),
    )
    y = alt.Y(
        "churn:Q",
        title=_("Customer churn"),
        axis=alt.Axis(format=".0%", values=_ticks(churn, step=0.05)),
        scale=alt.Scale(domain=upwards, nice=False),
    )
    points = points.assign(area=areas)
    base = alt.Chart(points).encode(x=x, y=y)
    circles = base.mark_circle(color=PROMOTER, opacity=0.55, stroke=PROMOTER).encode(
        size=alt.Size("area:Q", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("segment:N", title=_("Segment")),
            alt.Tooltip("nps:Q", format="+.0f", title=_("NPS")),
            alt.Tooltip("churn:Q", format=".1%", title=_("Customer churn")),
            alt.Tooltip("mrr:Q", format=",.0f", title=_("MRR at start")),
            alt.Tooltip("n:Q", title=_("Answers")),
        ],
    )
    words = [
        _words(points, width, across=across, upwards=upwards).encode(x=x, y=y, text="segment:N")
        for width in WIDTHS
    ]
    return finished(alt.layer(circles, *words), height=HEIGHT)


def scatter_alt(bubbles: Sequence[Bubble]) -> str:
    """The two ends of the cloud, by NPS."""
    if not bubbles:
        return ""
    ranked = sorted(bubbles, key=lambda bubble: bubble.nps or 0.0)
    low, high = ranked[0], ranked[-1]
    return _(
        "Lowest NPS: %(low)s with %(low_nps)s and %(low_churn)s customer churn. Highest NPS: "
        "%(high)s with %(high_nps)s and %(high_churn)s customer churn."
    ) % {
        "low": low.label,
        "low_nps": write_number(low.nps or 0.0, sign=True),
        "low_churn": write_percent(low.customer_churn_rate or 0.0),
        "high": high.label,
        "high_nps": write_number(high.nps or 0.0, sign=True),
        "high_churn": write_percent(high.customer_churn_rate or 0.0),
    }


def _point(bubble: Bubble) -> dict[str, Any]:
    return {
        "segment": bubble.label,
        "nps": bubble.nps,
        "churn": bubble.customer_churn_rate,
        "mrr": bubble.mrr_start,
        "n": bubble.responses,
    }


def _steps(values: pd.Series, *, step: float, ends: tuple[float, float]) -> list[float]:
    """The whole steps around the values, within what there can be."""
    first, last = (round(end / step) for end in ends)
    if not values.empty:
        first = max(math.floor(float(values.min()) / step) - 1, first)
        last = min(math.ceil(float(values.max()) / step) + 1, last)
    return [round(place * step, 6) for place in range(first, last + 1)]


def _ticks(steps: Sequence[float], *, step: float) -> list[float]:
    """As few as can be read, on round numbers, 0 among them."""
    stride = next(each for each in STRIDES if len(steps) <= each * MOST_TICKS)
    return [value for value in steps if round(value / step) % stride == 0]


def _padded(steps: Sequence[float], *, size: int) -> list[float]:
    """Room for half a bubble at both ends: on the edge it would hang over the axis' own words."""
    low, high = steps[0], steps[-1]
    room = (high - low) * LARGEST_RADIUS / (size - 2 * LARGEST_RADIUS)
    return [low - room, high + room]


def _areas(mrr: pd.Series) -> pd.Series:
    top = float(mrr.max()) if len(mrr) else 0.0
    share = mrr / top if top > 0 else mrr * 0
    return SMALLEST + share * (LARGEST - SMALLEST)


def _words(
    points: pd.DataFrame, width: int, *, across: Sequence[float], upwards: Sequence[float]
) -> alt.Chart:
    """The labels that have room on paper of this width.

    The worst segments have the first choice: low NPS and high churn are what readers search for.
    """
    order = sorted(
        points.index,
        key=lambda at: _share(points["nps"][at], across) - _share(points["churn"][at], upwards),
    )
    placed = [
        Point(
            x=_share(points["nps"][at], across) * width,
            y=(1 - _share(points["churn"][at], upwards)) * HEIGHT,
            radius=_radius(points["area"][at]),
            label=points["segment"][at],
        )
        for at in order
    ]
    positions = place_labels(placed, width=width, height=HEIGHT, size=FONT)
    labels = [
        {**points.loc[at].to_dict(), **_beside(position, away=point.radius + GAP)}
        for at, point, position in zip(order, placed, positions, strict=True)
        if position is not None
    ]
    wider = [each for each in WIDTHS if each > width]
    shown = f"width < {wider[0]}" if wider else "true"
    if width != WIDTHS[0]:
        shown += f" && width >= {width}"
    columns = [*points.columns, "dx", "dy", "align", "baseline"]
    words: alt.Chart = alt.Chart(pd.DataFrame(labels, columns=columns)).mark_text(
        color=INK,
        fontSize=FONT,
        opacity=alt.ExprRef(f"{shown} ? 1 : 0"),
        dx=alt.ExprRef("datum.dx"),
        dy=alt.ExprRef("datum.dy"),
        align=alt.ExprRef("datum.align"),
        baseline=alt.ExprRef("datum.baseline"),
    )
    return words


def _share(value: float, domain: Sequence[float]) -> float:
    low, high = domain
    return (value - low) / (high - low)


def _radius(area: float) -> float:
    return math.sqrt(area / math.pi)


def _beside(position: str, *, away: float) -> dict[str, Any]:
    dx, dy, align, baseline = {
        Position.ABOVE: (0.0, -away, "center", "bottom"),
        Position.BELOW: (0.0, away, "center", "top"),
        Position.RIGHT: (away, 0.0, "left", "middle"),
        Position.LEFT: (-away, 0.0, "right", "middle"),
    }[Position(position)]
    return {"dx": dx, "dy": dy, "align": align, "baseline": baseline}
