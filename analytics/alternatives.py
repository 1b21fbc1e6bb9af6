"""What a chart shows, as a sentence for those who do not see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from analytics.domain.nps import MIN_RESPONSES
from analytics.domain.outcomes import OutcomeRow
from analytics.domain.retention import Retention
from analytics.labels import group_label
from analytics.reports import OutcomeReport, RetentionReport, SegmentRow, TrendReport
from common.templatetags.figures import write_money, write_number, write_percent

Points = Sequence[tuple[str, float]]
AGES_TOLD = (6, 12, 24)


def trend_words(report: TrendReport) -> str:
    rows = [row for row in report.rows if row.responses >= MIN_RESPONSES]
    points = [(row.period, row.nps) for row in rows if row.nps is not None]
    return _course(_("NPS"), points, write=lambda value: write_number(value, sign=True))


def rate_words(report: TrendReport, *, field: str, label: str, today: dt.date) -> str:
    values = zip(report.rows, report.course(field, today=today), strict=True)
    points = [(row.period, value) for row, value in values if value is not None]
    return _course(label, points, write=write_percent)


def _course(name: str, points: Points, *, write: Callable[[float], str]) -> str:
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


def scatter_words(rows: Sequence[SegmentRow]) -> str:
    """The two ends of the cloud, by NPS."""
    if not rows:
        return ""
    ranked = sorted(rows, key=lambda row: row.nps or 0.0)
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


def survival_words(report: OutcomeReport) -> str:
    """Where each line ends: a reader of the picture looks there first."""
    told = [_end_of_line(row) for row in report.rows if row.survival]
    return " ".join(told) or _("No group is large enough for a line.")


def _end_of_line(row: OutcomeRow) -> str:
    end = row.survival[-1]
    return _("%(group)s: %(share)s still customers after %(days)s days.") % {
        "group": group_label(row.group),
        "share": write_percent(end.survival),
        "days": write_number(end.day),
    }


def cohort_words(retention: Retention) -> str:
    """The mean over the cohorts at a few ages."""
    average = retention.average()
    told = [
        _("%(share)s after %(months)s months") % {"share": write_percent(share), "months": age}
        for age, share in average.dropna().items()
        if age in AGES_TOLD
    ]
    if not told:
        return _("No cohort is old enough for a mean.")
    return _("Mean over the cohorts by size: %(shares)s.") % {"shares": ", ".join(told)}


def movement_words(report: RetentionReport, *, currency: str) -> str:
    moved = report.movements
    if moved is None:
        return ""
    amounts = {
        name: write_money(getattr(moved, name), currency=currency)
        for name in (
            "start", "new", "expansion", "reactivated", "contraction", "churned", "end",
        )
    }  # fmt: skip
    return (
        _(
            "From %(start)s to %(end)s: new %(new)s, expansion %(expansion)s and reactivated "
            "%(reactivated)s were added; contraction %(contraction)s and churned %(churned)s went."
        )
        % amounts
    )
