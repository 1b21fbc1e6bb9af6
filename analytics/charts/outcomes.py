"""What became of customers, by the category of their answer, as curves of those still there."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import (
    DETRACTOR,
    INK,
    PASSIVE,
    PHONE,
    PROMOTER,
    Spec,
    by_width,
    finished,
    tooltips,
)
from analytics.domain.customers.follow_up import NO_ANSWER
from analytics.domain.customers.outcomes import OutcomeRow
from analytics.labels import group_label
from common.templatetags.figures import write_number, write_percent
from surveys.domain.answers.scoring import Category

GROUP_COLOURS: dict[str, str] = {
    Category.PROMOTER: PROMOTER,
    Category.PASSIVE: PASSIVE,
    Category.DETRACTOR: DETRACTOR,
    NO_ANSWER: INK,
}
GROUP_DASHES: dict[str, list[int]] = {
    Category.PROMOTER: [1, 0],
    Category.PASSIVE: [6, 3],
    Category.DETRACTOR: [2, 2],
    NO_ANSWER: [8, 3, 2, 3],
}


def survival_chart(rows: Sequence[OutcomeRow]) -> Spec:
    """The share of customers still there, as steps with their interval."""
    points = _survival_points(rows)
    groups = [row.group for row in rows if row.survival]
    labels = [group_label(group) for group in groups]
    colours = alt.Scale(domain=labels, range=[GROUP_COLOURS[each] for each in groups])
    dashes = alt.Scale(domain=labels, range=[GROUP_DASHES[each] for each in groups])
    legend = alt.Legend(
        orient="top",
        columns=by_width(f"< {PHONE} ? 2 : 4"),
        symbolType="stroke",
        symbolStrokeWidth=3,
        symbolSize=400,
        symbolOpacity=1,
    )
    # A legend without entries has no size, and a picture with it neither.
    shown = legend if groups else None
    colour = alt.Color("group:N", title=None, scale=colours, legend=shown)
    last = int(points["day"].max()) if len(points) else 0
    ticks = list(range(0, last + 90, 90))
    x = alt.X("day:Q", title=_("Days since the landmark"), axis=alt.Axis(values=ticks))
    tips = tooltips(group=_("Group"), day=_("Day"), shown=_("Still customers"), n=_("At risk"))
    base = alt.Chart(points).encode(x=x)
    band = base.mark_area(interpolate="step-after", opacity=0.12).encode(
        color=colour,
        y=alt.Y("low:Q", scale=alt.Scale(zero=False)),
        y2="high:Q",
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.5).encode(
        color=colour,
        y=alt.Y("survival:Q", title=_("Still customers"), axis=alt.Axis(format="%")),
        strokeDash=alt.StrokeDash("group:N", title=None, scale=dashes, legend=shown),
        tooltip=tips,
    )
    return finished(alt.layer(band, line), height=300)


def survival_alt(rows: Sequence[OutcomeRow]) -> str:
    """Where each line ends: a reader of the picture looks there first."""
    ends = [_end_of_line(row) for row in rows if row.survival]
    return " ".join(ends) or _("No group is large enough for a line.")


def _end_of_line(row: OutcomeRow) -> str:
    end = row.survival[-1]
    return _("%(group)s: %(share)s still customers after %(days)s days.") % {
        "group": group_label(row.group),
        "share": write_percent(end.survival),
        "days": write_number(end.day),
    }


def _survival_points(rows: Sequence[OutcomeRow]) -> pd.DataFrame:
    points = [
        {
            "group": group_label(row.group),
            "day": point.day,
            "survival": point.survival,
            "low": point.low,
            "high": point.high,
            "n": point.at_risk,
            "shown": f"{point.survival:.1%}",
        }
        for row in rows
        for point in row.survival
    ]
    return pd.DataFrame(points, columns=["group", "day", "survival", "low", "high", "n", "shown"])
