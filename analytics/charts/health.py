"""The proof of a health score: predictors beside each other, and who left by score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

import altair as alt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import INK, PROMOTER, Spec, finished, tooltips
from analytics.domain.health.evidence.observations import SCORE
from analytics.domain.health.evidence.proof import CHANCE, GroupRate, Predictor
from common.templatetags.figures import write_number, write_percent

ROW = 34
# How much of a name stands in one line.
LETTERS, SIGNS = 25, 16
LINES = "split(datum.label, '\\n')"


def auc_chart(predictors: Sequence[Predictor], *, labels: Mapping[str, str]) -> Spec:
    """Dots with intervals, the best first; a line where chance is."""
    known = sorted((p for p in predictors if p.auc is not None), key=lambda p: -(p.auc or 0))
    points = pd.DataFrame(
        [
            {
                "name": "\n".join(_lines(labels[each.name])),
                "auc": each.auc,
                "low": each.limits.low if each.limits else None,
                "high": each.limits.high if each.limits else None,
                "is_score": each.name == SCORE,
                "shown": f"{each.auc:.2f}",
            }
            for each in known
        ],
        columns=["name", "auc", "low", "high", "is_score", "shown"],
    )
    x = alt.X("auc:Q", title=_("AUC"), scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=190, labelExpr=LINES))
    colour = alt.Color(
        "is_score:N", legend=None, scale=alt.Scale(domain=[True, False], range=[PROMOTER, INK])
    )
    tips = tooltips(name=_("Measure"), shown=_("AUC"))
    base = alt.Chart(points).encode(y=y, color=colour, tooltip=tips)
    whiskers = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(x=x)
    chance = alt.Chart(pd.DataFrame([{"auc": CHANCE}])).mark_rule(strokeDash=[4, 4], color=INK)
    return finished(
        alt.layer(chance.encode(x=x), whiskers, dots), height=ROW * max(len(points), 1) + 20
    )


def _lines(label: str) -> list[str]:
    """A name beside an axis; one in Japanese breaks before its brackets."""
    if label.isascii():
        return wrap(label, LETTERS)
    return wrap(label.replace("（", " （"), SIGNS)


def auc_alt(predictors: Sequence[Predictor], *, labels: Mapping[str, str]) -> str:
    texts = [
        _("%(name)s: AUC %(auc)s.")
        % {"name": labels[each.name], "auc": write_number(each.auc, digits=2)}
        for each in predictors
        if each.auc is not None
    ]
    return " ".join(texts) or _("Too few customers left to draw anything.")


def rates_chart(rows: Sequence[GroupRate]) -> Spec:
    """The share that left, by tenth of the score."""
    points = pd.DataFrame(
        [
            {
                "tenth": int(each.name),
                "rate": each.churn_rate,
                "low": each.limits.low if each.limits else None,
                "high": each.limits.high if each.limits else None,
                "shown": f"{each.churn_rate:.1%}",
                "n": each.observations,
            }
            for each in rows
            if each.churn_rate is not None
        ],
        columns=["tenth", "rate", "low", "high", "shown", "n"],
    )
    x = alt.X(
        "tenth:O", title=_("Tenth of the score, the lowest first"), axis=alt.Axis(labelAngle=0)
    )
    tips = tooltips(tenth=_("Tenth"), shown=_("Left"), n=_("Observations"))
    base = alt.Chart(points).encode(x=x, tooltip=tips)
    whiskers = base.mark_rule(strokeWidth=2, color=INK).encode(y=alt.Y("low:Q"), y2="high:Q")
    dots = base.mark_point(filled=True, size=80, opacity=1, color=PROMOTER).encode(
        y=alt.Y("rate:Q", title=_("Left within the horizon"), axis=alt.Axis(format="%"))
    )
    return finished(alt.layer(whiskers, dots), height=240)


def rates_alt(rows: Sequence[GroupRate]) -> str:
    texts = [
        _("Tenth %(tenth)s: %(share)s left.")
        % {"tenth": each.name, "share": write_percent(each.churn_rate)}
        for each in rows
        if each.churn_rate is not None
    ]
    return " ".join(texts) or _("Too few customers left to draw anything.")
