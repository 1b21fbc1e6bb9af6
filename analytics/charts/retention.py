"""Cohorts that stay, and the movements of MRR from start to end."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import (
    DETRACTOR,
    INK,
    PHONE,
    PROMOTER,
    Spec,
    by_width,
    finished,
    tooltips,
)
from analytics.domain.customers.mrr.steps import LEVELS, LOSSES
from analytics.domain.customers.retention import Retention
from analytics.labels import STEP_LABELS
from common.templatetags.figures import write_money, write_percent

MOST_WRITTEN_COLUMNS = 25
# Of cohorts whose shares are those of single customers.
TOO_SMALL = "#dfe3e8"
# The ages in months that the alternative text names.
AGES_IN_TEXT = (6, 12, 24)


def cohort_chart(retention: Retention) -> Spec:
    """Start month by age: the darker, the more are still there."""
    small = retention.small
    shares = pd.DataFrame(
        [
            {"cohort": cohort, "age": age, "share": share, "small": cohort in small}
            for cohort, row in retention.shares.iterrows()
            for age, share in row.items()
            if not pd.isna(share)
        ],
        columns=["cohort", "age", "share", "small"],
    )
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    base = alt.Chart(shares).encode(
        x=alt.X("age:O", title=_("Months since the start"), axis=axis),
        y=alt.Y("cohort:O", title=None, axis=alt.Axis(labelExpr=_with_sizes(retention))),
    )
    low, high = _colour_range(shares["share"])
    cells = base.mark_rect(stroke="white", strokeWidth=1).encode(
        color=alt.condition(
            "datum.small",
            alt.value(TOO_SMALL),
            alt.Color(
                "share:Q",
                title=_("Remaining"),
                scale=alt.Scale(range=["#e8f0fa", "#134a86"], domain=[low, high], clamp=True),
                legend=alt.Legend(format=".0%", orient="top", gradientLength=160),
            ),
        ),
        tooltip=[
            alt.Tooltip("cohort:O", title=_("Start month")),
            alt.Tooltip("age:O", title=_("Months since the start")),
            alt.Tooltip("share:Q", format=".1%", title=_("Remaining")),
        ],
    )
    layers = [cells]
    if retention.shares.shape[1] <= MOST_WRITTEN_COLUMNS:
        light = f"!datum.small && datum.share > {(low + high) / 2}"
        colour = alt.condition(light, alt.value("white"), alt.value("#1c2530"))
        # Where the cells are narrower than the words, the colour and the table must do.
        cell = f"width / {max(retention.shares.shape[1], 1)}"
        size = alt.ExprRef(f"{cell} < 21 ? 0 : {cell} < 30 ? 8 : 10")
        words = base.mark_text(fontSize=size).encode(
            text=alt.Text("share:Q", format=".0%"), color=colour
        )
        layers.append(words)
    return finished(alt.layer(*layers), height=max(160, 22 * len(retention.shares)))


def _with_sizes(retention: Retention) -> str:
    """The labels of the cohorts, each with the number of its customers in brackets."""
    sizes = {str(cohort): int(size) for cohort, size in retention.sizes.items()}
    return f"datum.label + ' (' + ({json.dumps(sizes)})[datum.label] + ')'"


def movement_chart(steps: Mapping[str, float]) -> Spec:
    """From the MRR at the start to that at the end, movement by movement."""
    found = waterfall(steps)
    rows, highest = pd.DataFrame(found), max((each["top"] for each in found), default=0.0)
    order = [each["label"] for each in found]
    axis = alt.Axis(
        labelAngle=by_width(f"< {PHONE} ? -45 : 0"),
        labelAlign=by_width(f"< {PHONE} ? 'right' : 'center'"),
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
    bars = base.mark_bar(size=by_width(f"< {PHONE} ? 24 : 46")).encode(
        y=alt.Y(
            "from:Q",
            title=_("MRR"),
            axis=alt.Axis(format="~s"),
            # Room for the words above the highest bar.
            scale=alt.Scale(domain=[0, 1.1 * highest or 1.0], nice=False),
        ),
        y2="to:Q",
        color=colour,
        tooltip=tooltips(label=_("Movement"), shown=_("MRR")),
    )
    # The whole amounts stand in the list below; on a phone they would run into each other.
    words = base.mark_text(dy=-7, color=INK, fontSize=by_width(f"< {PHONE} ? 0 : 11")).encode(
        y="top:Q", text="shown:N"
    )
    return finished(bars + words, height=280)


def waterfall(steps: Mapping[str, float]) -> list[dict[str, Any]]:
    """The bars: where each movement of MRR begins and ends; none where nothing is known."""
    rows: list[dict[str, Any]] = []
    level = 0.0
    for name, amount in steps.items():
        if name in LEVELS:
            kind, start, level = "level", 0.0, amount
        else:
            sign = -1 if name in LOSSES else 1
            kind, start, level = ("up" if sign > 0 else "down"), level, level + sign * amount
        mark = {"level": "", "up": "+", "down": "−"}[kind]
        rows.append(
            {
                "label": str(STEP_LABELS[name]),
                "kind": kind,
                "from": start,
                "to": level,
                "top": max(start, level),
                "shown": f"{mark}{amount:,.0f}",
            }
        )
    return rows


def cohort_alt(retention: Retention) -> str:
    """The mean over the cohorts at a few ages."""
    average = retention.average()
    ages = [
        _("%(share)s after %(months)s months") % {"share": write_percent(share), "months": age}
        for age, share in average.dropna().items()
        if age in AGES_IN_TEXT
    ]
    if not ages:
        return _("No cohort is old enough for a mean.")
    return _("Mean over the cohorts by size: %(shares)s.") % {"shares": ", ".join(ages)}


def movement_alt(steps: Mapping[str, float], *, currency: str) -> str:
    amounts = {name: write_money(amount, currency=currency) for name, amount in steps.items()}
    if not amounts:
        return ""
    if "stayed" in amounts:
        text = _(
            "From %(start)s to %(stayed)s of the same customers: expansion %(expansion)s, upgrade "
            "%(upgrade)s and cross-sell %(cross_sell)s were added; contraction %(contraction)s and "
            "churned %(churned)s were lost. With new %(new)s and reactivated %(reactivated)s it is "
            "%(end)s at the end."
        )
    else:
        text = _(
            "From %(start)s to %(end)s: new %(new)s, expansion %(expansion)s and reactivated "
            "%(reactivated)s were added; contraction %(contraction)s and churned %(churned)s were "
            "lost."
        )
    return text % amounts


def _colour_range(shares: pd.Series) -> tuple[float, float]:
    """The full range of colours for the shares there are, in steps of ten per cent."""
    if shares.empty:
        return 0.0, 1.0
    low = math.floor(float(shares.min()) * 10) / 10
    high = min(max(math.ceil(float(shares.max()) * 10) / 10, low + 0.1), 1.5)
    return min(low, 0.9), max(high, 1.0)
