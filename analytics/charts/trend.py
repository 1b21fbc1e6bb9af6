"""Figures over time: NPS with its interval, and rates on the same axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import altair as alt
import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import INK, PROMOTER, Spec, finished, tooltips
from common.templatetags.figures import write_number, write_percent
from common.templatetags.shapes import scale_of

Points = Sequence[tuple[str, float]]
# Charts over time stand above each other: their left edges are one line.
LEFT_EDGE: dict[str, Any] = {"minExtent": 34, "maxExtent": 34, "titlePadding": 6}


class NpsPoint(Protocol):
    """A row over time, as far as its chart shows it."""

    @property
    def period(self) -> str: ...
    @property
    def responses(self) -> int: ...
    @property
    def reportable(self) -> bool: ...
    @property
    def nps(self) -> float | None: ...
    @property
    def nps_low(self) -> float | None: ...
    @property
    def nps_high(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Timeline:
    """What charts over time share, so that a month stands under itself."""

    periods: Sequence[str]
    # The period in which each campaign was launched, and its name.
    launches: Sequence[tuple[str, str]] = ()
    # Periods cut at an edge, or that still run: they stand at the ends.
    unfinished: frozenset[str] = frozenset()

    def is_finished(self, rows: pd.DataFrame) -> pd.Series:
        return ~rows["period"].isin(list(self.unfinished))


def nps_chart(points: Sequence[NpsPoint], *, timeline: Timeline) -> Spec:
    """NPS with its interval band."""
    rows = pd.DataFrame([_row(point) for point in points]).astype({"reportable": bool})
    x = time_axis(timeline)
    shown = [each for each in points if each.reportable]
    ends = [end for each in shown for end in (each.nps_low, each.nps_high)]
    scale = scale_of([0.0, *(each.nps for each in points), *ends])
    # The line goes on over parts with too few answers to report; those are hollow points.
    base = alt.Chart(rows[rows["reportable"]]).encode(x=x)
    small = alt.Chart(rows[(rows["n"] > 0) & ~rows["reportable"]]).encode(x=x)
    tips = tooltips(period=_("Period"), shown=_("NPS"), n=_("Answers"))
    band = base.mark_errorband(color=PROMOTER, opacity=0.2).encode(
        y=alt.Y(
            "low:Q",
            title=_("NPS"),
            axis=alt.Axis(**LEFT_EDGE),
            scale=alt.Scale(domain=[scale.low, scale.high], nice=False),
        ),
        y2="high:Q",
    )
    lines_of_nps = lines(
        rows[rows["reportable"]],
        x=x,
        y=alt.Y("nps:Q"),
        tips=tips,
        timeline=timeline,
        colour=PROMOTER,
    )
    zero = (
        alt.Chart(pd.DataFrame({"y": [0]})).mark_rule(color=INK, strokeDash=[3, 3]).encode(y="y:Q")
    )
    hollow = small.mark_point(color=INK, size=40).encode(y="nps:Q", tooltip=tips)
    layers = [*_launch_marks(timeline), zero, band, *lines_of_nps, hollow]
    return finished(alt.layer(*layers), height=260)


def rate_chart(
    rates: Sequence[float | None], *, label: str, timeline: Timeline, from_zero: bool = True
) -> Spec:
    """One rate on the same axis of time as NPS; `rates` has one for each period."""
    rows = pd.DataFrame({"period": timeline.periods, "rate": rates})
    y = alt.Y(
        "rate:Q",
        title=label,
        axis=alt.Axis(format=".0%", tickCount=4, **LEFT_EDGE),
        scale=alt.Scale(domain=rate_domain(rates, from_zero=from_zero), nice=False),
    )
    tips = [
        alt.Tooltip("period:O", title=_("Period")),
        alt.Tooltip("rate:Q", format=".1%", title=label),
    ]
    known = rows[rows["rate"].notna()]
    drawn = lines(known, x=time_axis(timeline), y=y, tips=tips, timeline=timeline, colour=INK)
    return finished(alt.layer(*_launch_marks(timeline), *drawn), height=120)


def lines(
    rows: pd.DataFrame,
    *,
    x: alt.X,
    y: alt.Y,
    tips: list[alt.Tooltip],
    timeline: Timeline,
    colour: str,
) -> list[alt.Chart]:
    """One line with its points; to unfinished periods it is dashed, and their points are hollow."""

    def line(part: pd.DataFrame, **mark: Any) -> alt.Chart:
        drawn: alt.Chart = alt.Chart(part).mark_line(color=colour, **mark)
        return drawn.encode(x=x, y=y, tooltip=tips)

    done = timeline.is_finished(rows)
    whole = line(rows[done], point=alt.OverlayMarkDef(color=colour, size=40))
    if done.all():
        return [whole]
    places = np.flatnonzero(done)
    first, last = (int(places[0]), int(places[-1])) if len(places) else (len(rows) - 1, len(rows))
    ends = [part for part in (rows[: first + 1], rows[last:]) if len(part) > 1]
    points: alt.Chart = alt.Chart(rows[~done]).mark_point(
        filled=False, fill="white", stroke=colour, size=40, opacity=1, strokeWidth=1.5
    )
    dashed = [line(part, strokeDash=[4, 3]) for part in ends]
    return [*dashed, whole, points.encode(x=x, y=y, tooltip=tips)]


def nps_alt(points: Sequence[NpsPoint]) -> str:
    known = [
        (point.period, point.nps) for point in points if point.nps is not None and point.reportable
    ]
    return course_in_words(_("NPS"), known, write=lambda value: write_number(value, sign=True))


def rate_alt(rates: Sequence[float | None], *, label: str, timeline: Timeline) -> str:
    values = zip(timeline.periods, rates, strict=True)
    known = [(period, value) for period, value in values if value is not None]
    return course_in_words(label, known, write=write_percent)


def course_in_words(name: str, points: Points, *, write: Callable[[float], str]) -> str:
    if not points:
        return _("%(name)s: no figure in this period.") % {"name": name}
    (first, first_value), (last, last_value) = points[0], points[-1]
    lowest = min(points, key=lambda point: point[1])
    highest = max(points, key=lambda point: point[1])
    return _(
        "%(name)s: %(first_value)s in %(first)s, %(last_value)s in %(last)s; lowest %(low)s in "
        "%(low_at)s, highest %(high)s in %(high_at)s."
    ) % {
        "name": name,
        "first": first,
        "first_value": write(first_value),
        "last": last,
        "last_value": write(last_value),
        "low": write(lowest[1]),
        "low_at": lowest[0],
        "high": write(highest[1]),
        "high_at": highest[0],
    }


def rate_domain(rates: Iterable[float | None], *, from_zero: bool) -> tuple[float, float]:
    """In steps of five per cent and never empty: a rate that stays the same has an axis too."""
    known = [rate for rate in rates if rate is not None]
    if not known:
        return 0.0, 1.0
    low = 0 if from_zero else math.floor(min(known) * 20 + 1e-9)
    high = max(math.ceil(max(known) * 20 - 1e-9), low + 1)
    return low / 20, high / 20


def time_axis(timeline: Timeline) -> alt.X:
    axis = alt.Axis(labelAngle=-45, labelOverlap=True)
    return alt.X("period:O", title=None, axis=axis, scale=alt.Scale(domain=list(timeline.periods)))


def _launch_marks(timeline: Timeline) -> list[alt.Chart]:
    """A dotted line with a triangle on it where campaigns were launched."""
    if not timeline.launches:
        return []
    marks = pd.DataFrame(timeline.launches, columns=["period", "name"])
    names = marks.groupby("period", sort=False)["name"].agg(", ".join).reset_index()
    base = alt.Chart(names).encode(x="period:O", tooltip=tooltips(name=_("Campaign launched")))
    return [
        base.mark_rule(color=INK, opacity=0.6, strokeDash=[1, 3]),
        # A mark and not a letter: no font need have it.
        base.mark_point(shape="triangle-down", filled=True, size=60, color=INK, opacity=1).encode(
            y=alt.value(4)
        ),
    ]


def _row(point: NpsPoint) -> dict[str, Any]:
    return {
        "period": point.period,
        "nps": point.nps,
        "low": point.nps_low,
        "high": point.nps_high,
        "n": point.responses,
        "reportable": point.reportable,
        "shown": _with_limits(point),
    }


def _with_limits(point: NpsPoint) -> str | None:
    if point.nps is None:
        return None
    if point.nps_low is None or point.nps_high is None:
        return f"{point.nps:+.0f}"
    return f"{point.nps:+.0f} ({point.nps_low:+.0f} … {point.nps_high:+.0f})"
