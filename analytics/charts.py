"""Charts as Vega-Lite, declared once for the page and for the files.

The colours are those of static/css/koe.css, which stay apart for every common colour vision; a
shape, a dash or a word always says the same as the colour.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.domain.nps import MIN_RESPONSES
from analytics.domain.retention import Retention
from analytics.labels import group_label
from analytics.reports import OutcomeReport, RetentionReport, TrendReport
from analytics.waterfall import waterfall

Spec = dict[str, Any]

# Altair's limit guards notebooks; ten years of cohorts are more rows, and our pages show them.
alt.data_transformers.disable_max_rows()

PROMOTER, PASSIVE, DETRACTOR, INK = "#1d63ad", "#a9b1ba", "#c44a15", "#566170"
GROUP_COLOURS = {
    "promoter": PROMOTER,
    "passive": PASSIVE,
    "detractor": DETRACTOR,
    "no_answer": INK,
}
GROUP_DASHES = {
    "promoter": [1, 0],
    "passive": [6, 3],
    "detractor": [2, 2],
    "no_answer": [8, 3, 2, 3],
}
# The first is vendored for pictures drawn without a browser; pages set their own by style sheet.
FONTS = "Koe Sans JP, Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, sans-serif"
MOST_WRITTEN_COLUMNS = 25
# Narrower than this, words stand aslant or go.
PHONE = 420
# Charts over time stand above each other: their left edges are one line.
LEFT_EDGE: dict[str, Any] = {"minExtent": 34, "maxExtent": 34, "titlePadding": 6}


def trend_chart(report: TrendReport, *, campaigns: Sequence[tuple[str, str]] = ()) -> Spec:
    """NPS with its interval band; `campaigns` are (period label, name) of launches."""
    rows = pd.DataFrame([_trend_point(row) for row in report.rows])
    x = _time_axis(report)
    # The line goes on over parts with too few answers to report; those are hollow points.
    base = alt.Chart(rows[rows["n"] >= MIN_RESPONSES]).encode(x=x)
    small = alt.Chart(rows[(rows["n"] > 0) & (rows["n"] < MIN_RESPONSES)]).encode(x=x)
    tips = _tooltips(period=_("Period"), shown=_("NPS"), n=_("Answers"))
    band = base.mark_errorband(color=PROMOTER, opacity=0.2).encode(
        y=alt.Y(
            "low:Q",
            title=_("NPS"),
            axis=alt.Axis(**LEFT_EDGE),
            scale=alt.Scale(domain=[-100, 100]),
        ),
        y2="high:Q",
    )
    line = base.mark_line(color=PROMOTER, point=alt.OverlayMarkDef(color=PROMOTER, size=40)).encode(
        y="nps:Q", tooltip=tips
    )
    zero = (
        alt.Chart(pd.DataFrame({"y": [0]})).mark_rule(color=INK, strokeDash=[3, 3]).encode(y="y:Q")
    )
    hollow = small.mark_point(color=INK, size=40).encode(y="nps:Q", tooltip=tips)
    layers = [*_launch_marks(campaigns), zero, band, line, hollow]
    return finished(alt.layer(*layers), height=260)


def rate_chart(
    report: TrendReport,
    *,
    field: str,
    label: str,
    today: dt.date,
    campaigns: Sequence[tuple[str, str]] = (),
) -> Spec:
    """One rate on the same axis of time as NPS."""
    periods = [row.period for row in report.rows]
    rows = pd.DataFrame({"period": periods, "rate": report.course(field, today=today)})
    y = alt.Y(
        "rate:Q",
        title=label,
        axis=alt.Axis(format=".0%", tickCount=4, **LEFT_EDGE),
        scale=alt.Scale(domain=_rate_domain(rows["rate"], from_zero=field != "nrr"), nice=False),
    )
    tips = [
        alt.Tooltip("period:O", title=_("Period")),
        alt.Tooltip("rate:Q", format=".1%", title=label),
    ]
    line = alt.Chart(rows[rows["rate"].notna()]).mark_line(
        color=INK, point=alt.OverlayMarkDef(color=INK, size=30)
    )
    line = line.encode(x=_time_axis(report), y=y, tooltip=tips)
    return finished(alt.layer(*_launch_marks(campaigns), line), height=120)


def _rate_domain(rates: pd.Series, *, from_zero: bool) -> tuple[float, float]:
    """In steps of five per cent and never empty: a rate that stays the same has an axis too."""
    known = rates.dropna().astype(float)
    if known.empty:
        return 0.0, 1.0
    low = 0 if from_zero else math.floor(known.min() * 20 + 1e-9)
    high = max(math.ceil(known.max() * 20 - 1e-9), low + 1)
    return low / 20, high / 20


def _time_axis(report: TrendReport) -> alt.X:
    """The same for every chart over time, so that a month stands under itself."""
    order = [row.period for row in report.rows]
    axis = alt.Axis(labelAngle=-45, labelOverlap=True)
    return alt.X("period:O", title=None, axis=axis, scale=alt.Scale(domain=order))


def _launch_marks(campaigns: Sequence[tuple[str, str]]) -> list[alt.Chart]:
    """A dotted line with a triangle on it where campaigns were launched."""
    if not campaigns:
        return []
    marks = pd.DataFrame(campaigns, columns=["period", "name"])
    names = marks.groupby("period", sort=False)["name"].agg(", ".join).reset_index()
    base = alt.Chart(names).encode(x="period:O", tooltip=_tooltips(name=_("Campaign launched")))
    return [
        base.mark_rule(color=INK, opacity=0.6, strokeDash=[1, 3]),
        # A mark and not a letter: no font need have it.
        base.mark_point(shape="triangle-down", filled=True, size=60, color=INK, opacity=1).encode(
            y=alt.value(4)
        ),
    ]


def survival_chart(report: OutcomeReport) -> Spec:
    """The share of customers still there, as steps with their interval."""
    points = _survival_points(report)
    groups = [row.group for row in report.rows if row.survival]
    labels = [group_label(group) for group in groups]
    colours = alt.Scale(domain=labels, range=[GROUP_COLOURS[each] for each in groups])
    dashes = alt.Scale(domain=labels, range=[GROUP_DASHES[each] for each in groups])
    legend = alt.Legend(
        orient="top",
        columns=_by_width(f"< {PHONE} ? 2 : 4"),
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
    tips = _tooltips(group=_("Group"), day=_("Day"), shown=_("Still customers"), n=_("At risk"))
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


def cohort_chart(retention: Retention) -> Spec:
    """Start month by age: the darker, the more are still there."""
    shares = pd.DataFrame(
        [
            {"cohort": cohort, "age": age, "share": share}
            for cohort, row in retention.shares.iterrows()
            for age, share in row.items()
            if not pd.isna(share)
        ],
        columns=["cohort", "age", "share"],
    )
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    base = alt.Chart(shares).encode(
        x=alt.X("age:O", title=_("Months since the start"), axis=axis),
        y=alt.Y("cohort:O", title=None),
    )
    low, high = _colour_range(shares["share"])
    cells = base.mark_rect(stroke="white", strokeWidth=1).encode(
        color=alt.Color(
            "share:Q",
            title=_("Still there"),
            scale=alt.Scale(range=["#e8f0fa", "#134a86"], domain=[low, high], clamp=True),
            legend=alt.Legend(format=".0%", orient="top", gradientLength=160),
        ),
        tooltip=[
            alt.Tooltip("cohort:O", title=_("Start month")),
            alt.Tooltip("age:O", title=_("Months since the start")),
            alt.Tooltip("share:Q", format=".1%", title=_("Still there")),
        ],
    )
    layers = [cells]
    if retention.shares.shape[1] <= MOST_WRITTEN_COLUMNS:
        light = f"datum.share > {(low + high) / 2}"
        colour = alt.condition(light, alt.value("white"), alt.value("#1c2530"))
        # Where the cells are narrower than the words, the colour and the table must do.
        cell = f"width / {max(retention.shares.shape[1], 1)}"
        size = alt.ExprRef(f"{cell} < 21 ? 0 : {cell} < 30 ? 8 : 10")
        words = base.mark_text(fontSize=size).encode(
            text=alt.Text("share:Q", format=".0%"), color=colour
        )
        layers.append(words)
    return finished(alt.layer(*layers), height=max(160, 22 * len(retention.shares)))


def _colour_range(shares: pd.Series) -> tuple[float, float]:
    """The full range of colours for the shares there are, in steps of ten per cent."""
    if shares.empty:
        return 0.0, 1.0
    low = math.floor(float(shares.min()) * 10) / 10
    high = min(max(math.ceil(float(shares.max()) * 10) / 10, low + 0.1), 1.5)
    return min(low, 0.9), max(high, 1.0)


def movement_chart(report: RetentionReport, *, labels: dict[str, str]) -> Spec:
    """From the MRR at the start to that at the end, movement by movement."""
    rows = pd.DataFrame(waterfall(report, labels=labels))
    order = list(labels.values())
    axis = alt.Axis(
        labelAngle=_by_width(f"< {PHONE} ? -45 : 0"),
        labelAlign=_by_width(f"< {PHONE} ? 'right' : 'center'"),
        labelLimit=120,
        labelOverlap=False,
    )
    x = alt.X("label:N", title=None, sort=order, axis=axis)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["level", "up", "down"], range=[INK, PROMOTER, DETRACTOR]),
        legend=None,
    )
    base = alt.Chart(rows).encode(x=x)
    bars = base.mark_bar(size=_by_width(f"< {PHONE} ? 24 : 46")).encode(
        y=alt.Y("from:Q", title=_("MRR"), axis=alt.Axis(format="~s")),
        y2="to:Q",
        color=colour,
        tooltip=_tooltips(label=_("Movement"), shown=_("MRR")),
    )
    # The whole amounts stand in the list below; on a phone they would run into each other.
    words = base.mark_text(dy=-7, color=INK, fontSize=_by_width(f"< {PHONE} ? 0 : 11")).encode(
        y="top:Q", text="shown:N"
    )
    return finished(bars + words, height=280)


def _by_width(rest: str) -> alt.ExprRef:
    """An expression of the chart's own width, which a page knows only when it is drawn."""
    return alt.ExprRef(f"width {rest}")


def finished(chart: Any, *, height: int) -> Spec:
    chart = chart.properties(width="container", height=height)
    chart = chart.configure(
        font=FONTS,
        axis=alt.AxisConfig(labelFontSize=12, titleFontSize=12, titleFontWeight="normal"),
        legend=alt.LegendConfig(labelFontSize=12, titleFontSize=12),
        view=alt.ViewConfig(stroke=None),
    )
    spec: Spec = chart.to_dict()
    return spec


def _tooltips(**titles: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]


def _trend_point(row: Any) -> dict[str, Any]:
    shown = (
        None if row.nps is None else f"{row.nps:+.0f} ({row.nps_low:+.0f} … {row.nps_high:+.0f})"
    )
    return {
        "period": row.period,
        "nps": row.nps,
        "low": row.nps_low,
        "high": row.nps_high,
        "n": row.responses,
        "shown": shown,
    }


def _survival_points(report: OutcomeReport) -> pd.DataFrame:
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
        for row in report.rows
        for point in row.survival
    ]
    return pd.DataFrame(points, columns=["group", "day", "survival", "low", "high", "n", "shown"])
