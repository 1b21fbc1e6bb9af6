"""A goal on its way: the course, and what was read beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from actions.domain.goals import Status
from actions.labels import status_label
from actions.models import Goal, GoalReading
from actions.reports.health_share import goal_metric_name
from analytics.charts.drawing import (
    DETRACTOR,
    INK,
    PASSIVE,
    PROMOTER,
    Chart,
    Spec,
    finished,
    tooltips,
)
from analytics.charts.metrics import FORMATS
from analytics.labels.metrics import write_metric

# A shape says the same as the colour.
COLOURS = {
    Status.ON_COURSE: PROMOTER,
    Status.OFF_COURSE: DETRACTOR,
    Status.CANNOT_TELL: INK,
    "": PASSIVE,
}
SHAPES = {
    Status.ON_COURSE: "circle",
    Status.OFF_COURSE: "triangle-down",
    Status.CANNOT_TELL: "diamond",
    "": "cross",
}


def goal_picture(
    goal: Goal, readings: Sequence[GoalReading], *, currency: str, height: int = 220
) -> Chart:
    asked = _("Is it on course? %(goal)s") if goal.last_day else _("Is it met? %(goal)s")
    drawn = partial(_drawn, goal, readings, currency=currency, height=height)
    return Chart(
        f"goal-{goal.pk}",
        asked % {"goal": goal},
        draw=drawn,
        alt=partial(goal_alt, goal, readings, currency=currency),
    )


def goal_alt(goal: Goal, readings: Sequence[GoalReading], *, currency: str) -> str:
    write = partial(write_metric, unit=goal.definition.written_as, currency=currency)
    said = {
        "metric": goal_metric_name(goal.metric),
        "start": write(goal.start),
        "target": write(goal.target),
        "first": goal.first_day.isoformat(),
    }
    if goal.last_day is None:
        course = _("%(metric)s: %(target)s, from %(first)s on.") % said
    else:
        said["last"] = goal.last_day.isoformat()
        course = _("%(metric)s from %(start)s on %(first)s to %(target)s on %(last)s.") % said
    known = [each for each in readings if each.value is not None]
    if not known:
        return f"{course} {_('No reading yet.')}"
    last = known[-1]
    reading = _("On %(day)s it was %(value)s, expected %(expected)s: %(status)s.") % {
        "day": last.day.isoformat(),
        "value": write(last.value),
        "expected": write(last.expected),
        "status": status_label(last.status, endless=goal.last_day is None),
    }
    return f"{course} {reading}"


def _drawn(goal: Goal, readings: Sequence[GoalReading], *, currency: str, height: int) -> Spec:
    rows, course = _rows(readings, goal=goal, currency=currency), _course(goal, readings)
    unit = goal.definition.written_as
    axis: dict[str, Any] = {"format": FORMATS[unit]} if unit in FORMATS else {}
    y = partial(
        alt.Y,
        title=None,
        axis=alt.Axis(**axis, tickCount=4),
        scale=alt.Scale(domain=_domain(rows, course), nice=False),
    )
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y-%m", tickCount=4, labelOverlap=True))
    base = alt.Chart(rows)
    tips = tooltips(
        date=_("Day"),
        shown=goal_metric_name(goal.metric),
        expected_shown=_("Expected"),
        said=_("Status"),
    )
    marks = alt.Scale(domain=[*SHAPES], range=[*SHAPES.values()])
    layers = [
        alt.Chart(course)
        .mark_line(color=INK, strokeDash=[6, 4], strokeWidth=1.5)
        .encode(x=x, y=y("expected:Q")),
        base.mark_rule(opacity=0.6).encode(
            x=x, y=y("low:Q"), y2="high:Q", color=_by_status(COLOURS)
        ),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            x=x,
            y=y("value:Q"),
            color=_by_status(COLOURS),
            shape=alt.Shape("status:N", legend=None, scale=marks),
            tooltip=tips,
        ),
    ]  # fmt: skip
    return finished(alt.layer(*layers), height=height)


def _by_status(colours: dict[Any, str]) -> alt.Color:
    return alt.Color(
        "status:N", legend=None, scale=alt.Scale(domain=[*colours], range=[*colours.values()])
    )


def _course(goal: Goal, readings: Sequence[GoalReading]) -> pd.DataFrame:
    """Through what was expected on the days of the readings, to the target."""
    known = {goal.first_day: goal.start, **{each.day: each.expected for each in readings}}
    if goal.last_day:
        known[goal.last_day] = goal.target
    return pd.DataFrame({"day": [_moment(day) for day in known], "expected": [*known.values()]})


def _rows(readings: Sequence[GoalReading], *, goal: Goal, currency: str) -> pd.DataFrame:
    write = partial(write_metric, unit=goal.definition.written_as, currency=currency)
    found = [
        {
            "day": _moment(each.day),
            "date": each.day.isoformat(),
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "shown": _shown(each, write),
            "expected_shown": write(each.expected),
            "status": each.status,
            "said": status_label(each.status, endless=goal.last_day is None),
        }
        for each in readings
        if each.value is not None
    ]
    columns = ["day", "date", "value", "low", "high", "shown", "expected_shown", "status", "said"]
    return pd.DataFrame(found, columns=columns).astype(
        {"value": float, "low": float, "high": float}
    )


def _shown(reading: GoalReading, write: Any) -> str:
    if reading.low is None or reading.high is None:
        return str(write(reading.value))
    return f"{write(reading.value)} ({write(reading.low)} … {write(reading.high)})"


def _domain(rows: pd.DataFrame, course: pd.DataFrame) -> list[float]:
    """Around all that is shown, with a little air."""
    ends = pd.concat([rows["low"], rows["high"], rows["value"], course["expected"]]).dropna()
    low, high = float(ends.min()), float(ends.max())
    air = (high - low or abs(high) or 1.0) * 0.08
    return [low - air, high + air]


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00"
