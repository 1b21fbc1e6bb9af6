"""A metric over time with its interval, in its own unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import INK, PROMOTER, Spec, finished, tooltips
from analytics.charts.trend import (
    LEFT_EDGE,
    Timeline,
    course_in_words,
    lines,
    rate_domain,
    time_axis,
)
from analytics.domain.metrics.catalogue import SCALE, Unit
from analytics.domain.metrics.estimates import Valued
from analytics.labels.metrics import write_metric
from common.templatetags.shapes import scale_of

FORMATS: Mapping[str, str] = {Unit.SHARE: ".0%", Unit.MONEY: "~s"}
HALF = 0.5


class Point(Valued, Protocol):
    @property
    def period(self) -> str: ...


def metric_chart(
    points: Sequence[Point],
    *,
    unit: str,
    label: str,
    currency: str,
    timeline: Timeline,
    target: float | None,
) -> Spec:
    """The line goes on over months that are too small to report; those are hollow points."""
    rows = _rows(points, unit=unit, currency=currency)
    x, domain = time_axis(timeline), _domain(points, unit=unit, target=target)
    axis: dict[str, Any] = {"format": FORMATS[unit]} if unit in FORMATS else {}
    y = partial(
        alt.Y,
        title=label,
        axis=alt.Axis(**axis, **LEFT_EDGE),
        scale=alt.Scale(domain=domain, nice=False),
    )
    tips = tooltips(period=_("Period"), shown=label)
    band = alt.Chart(rows[rows["low"].notna() & rows["high"].notna()])
    layers = [
        *([_target(target)] if target is not None else []),
        band.mark_errorband(color=PROMOTER, opacity=0.2).encode(x=x, y=y("low:Q"), y2="high:Q"),
        *lines(
            rows[rows["reportable"]],
            x=x,
            y=y("value:Q"),
            tips=tips,
            timeline=timeline,
            colour=PROMOTER,
        ),
        alt.Chart(rows[~rows["reportable"]])
        .mark_point(color=INK, size=40)
        .encode(x=x, y=y("value:Q"), tooltip=tips),
    ]
    return finished(alt.layer(*layers), height=220)


def metric_alt(points: Sequence[Point], *, unit: str, label: str, currency: str) -> str:
    known = [(each.period, each.value) for each in points if each.value is not None]
    return course_in_words(label, known, write=partial(write_metric, unit=unit, currency=currency))


def _domain(points: Sequence[Point], *, unit: str, target: float | None) -> tuple[float, float]:
    """Around what is shown; from 0 on, unless all of it is far from it."""
    ends = [end for each in points for end in (each.value, each.low, each.high)]
    if unit == Unit.POINTS:
        scale = scale_of([0.0, target, *ends])
        return scale.low, scale.high
    if unit == SCALE:
        return 1.0, 5.0
    known = [end for end in (*ends, target) if end is not None] or [0.0]
    low, high = min(known), max(known)
    if unit == Unit.SHARE:
        return rate_domain([low, high], from_zero=0 <= low < HALF)
    return min(low, 0.0), high * 1.05 or 1.0


def _rows(points: Sequence[Point], *, unit: str, currency: str) -> pd.DataFrame:
    write = partial(write_metric, unit=unit, currency=currency)
    found = [
        {
            "period": each.period,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "reportable": each.reportable,
            "shown": write(each.value)
            if each.low is None
            else f"{write(each.value)} ({write(each.low)} … {write(each.high)})",
        }
        for each in points
        if each.value is not None
    ]
    columns = ["period", "value", "low", "high", "reportable", "shown"]
    return pd.DataFrame(found, columns=columns).astype(
        {"reportable": bool, "value": float, "low": float, "high": float}
    )


def _target(target: float) -> alt.Chart:
    rule: alt.Chart = alt.Chart(pd.DataFrame({"value": [target]})).mark_rule(
        color=INK, strokeDash=[6, 4]
    )
    return rule.encode(y="value:Q")
