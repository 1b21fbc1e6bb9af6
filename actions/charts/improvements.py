"""An improvement at a glance: where both groups came from and went, and where one would have."""

from __future__ import annotations

from functools import partial
from typing import Any

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from actions.models import Improvement
from actions.reports.improvements import Compared
from analytics.charts.drawing import INK, PASSIVE, PROMOTER, Chart, Spec, finished
from analytics.charts.metrics import FORMATS
from analytics.labels.metrics import metric_name, write_change, write_end, write_metric
from analytics.reports.metrics.rows import MetricRow


def improvement_picture(row: Improvement, found: Compared, *, currency: str) -> Chart:
    title = _("Did it help? %(name)s") % {"name": row.name}
    return Chart(
        f"improvement-{row.pk}",
        title,
        draw=partial(_drawn, row, found),
        alt=partial(improvement_alt, row, found, currency=currency),
    )


def improvement_alt(row: Improvement, found: Compared, *, currency: str) -> str:
    unit = row.definition.written_as
    write = partial(write_metric, unit=unit, currency=currency)
    said = _(
        "%(metric)s: these customers from %(first)s to %(second)s, all others from %(third)s "
        "to %(fourth)s."
    ) % {
        "metric": metric_name(row.metric),
        "first": write(found.touched.previous),
        "second": write(found.touched.value),
        "third": write(found.untouched.previous),
        "fourth": write(found.untouched.value),
    }
    if found.effect is None:
        return said
    low, high = (write_end(each, unit, currency=currency) for each in found.effect[1:])
    effect = _("The effect is %(effect)s (%(low)s to %(high)s).") % {
        "effect": write_change(found.effect.value, unit, currency=currency),
        "low": low,
        "high": high,
    }
    return f"{said} {effect}"


def _drawn(row: Improvement, found: Compared) -> Spec:
    before, after = _("before"), _("after")
    groups = [
        _("These customers"),
        _("All others"),
        _("These customers, had they moved like the others"),
    ]
    lines = [_line(found.touched), _line(found.untouched), _without(found)]
    rows = pd.DataFrame(
        [
            {"when": when, "value": value, "group": group}
            for group, values in zip(groups, lines, strict=True)
            for when, value in zip((before, after), values, strict=True)
            if value is not None
        ],
        columns=["when", "value", "group"],
    )
    unit = row.definition.written_as
    axis: dict[str, Any] = {"format": FORMATS[unit]} if unit in FORMATS else {}
    base = alt.Chart(rows).encode(
        x=alt.X("when:N", sort=[before, after], title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(**axis), scale=alt.Scale(zero=False)),
        color=alt.Color(
            "group:N",
            title=None,
            scale=alt.Scale(domain=groups, range=[PROMOTER, INK, PASSIVE]),
            legend=alt.Legend(orient="top", columns=1, labelLimit=320, symbolType="stroke"),
        ),
        strokeDash=alt.StrokeDash(
            "group:N", legend=None, scale=alt.Scale(domain=groups, range=[[1, 0], [1, 0], [6, 4]])
        ),
    )
    return finished(
        alt.layer(base.mark_line(strokeWidth=2), base.mark_point(filled=True)), height=240
    )


def _line(row: MetricRow) -> tuple[float | None, float | None]:
    return row.previous, row.value


def _without(found: Compared) -> tuple[float | None, float | None]:
    """Where it would be had it moved as all others did."""
    start, move = found.touched.previous, found.untouched.change
    return start, None if start is None or move is None else start + move
