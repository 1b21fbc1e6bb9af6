"""A metric's figure as pages show it: in its unit, with whisker, change and target in words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.queries.targets import known_targets
from analytics.domain.availability import CUSTOMER_FIGURES, REVENUE_FIGURES, lies_ahead
from analytics.domain.customers.revenue import has_month_end
from analytics.domain.metrics.catalogue import BY_KEY, Metric, Unit
from analytics.domain.metrics.estimates import Valued
from analytics.labels.metrics import write_change, write_end, write_metric
from analytics.reports.metrics.course import Course
from analytics.reports.metrics.report import MetricReport, narrows
from analytics.reports.metrics.rows import MetricRow
from analytics.views.overview import sparklines
from common.templatetags.figures import write_number
from common.templatetags.koe import whisker_of
from common.templatetags.shapes import Scale

# Of a place among the metric's lists the address; empty where it has none.
Opens = Callable[[int], str]


class Counted(Valued, Protocol):
    """A row of the report, or a month of it."""

    @property
    def numerator(self) -> int | None: ...
    @property
    def denominator(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Figure:
    text: str
    # Of the whisker's drawing; without an interval it has none.
    whisker: dict[str, Any]
    interval: str
    # How many of how many; each opens its list where there is one.
    counted: str | SafeString
    # With an interval, though of so few that it says little.
    too_small: bool


@dataclass(frozen=True, slots=True)
class Shown:
    figure: Figure
    # The change and its interval; empty where nothing is compared.
    change: str
    limits: str
    # `rose`, `fell`, `chance`, `few`; empty where nothing is tested.
    moved: str
    p_value: float | None
    target: str
    status: str | None
    # The line of the months that are over, and those to months that are not.
    line: str = ""
    dashed: tuple[str, ...] = ()


def shown(
    row: MetricRow,
    metric: Metric,
    *,
    currency: str,
    scale: Scale | None = None,
    course: Course = (),
    opens: Opens | None = None,
) -> Shown:
    said: dict[str, Any] = {"unit": metric.written_as, "currency": currency}
    line, dashed = _line(course)
    target = "" if row.target is None else write_metric(row.target, **said)
    return Shown(
        figure(row, metric, currency=currency, scale=scale, opens=opens),
        change="" if row.change is None else write_change(row.change, **said),
        limits=interval_in_words(row.change_low, row.change_high, write=partial(write_end, **said)),
        moved=_moved(row),
        p_value=row.change_p_value,
        target=target and _bounded(target, at_most=metric.at_most),
        status=row.status,
        line=line,
        dashed=dashed,
    )


def figure(
    row: Counted,
    metric: Metric,
    *,
    currency: str,
    scale: Scale | None = None,
    opens: Opens | None = None,
) -> Figure:
    """`scale`: of the table that it stands in, where its rows are of one metric."""
    write = partial(write_metric, unit=metric.written_as, currency=currency)
    scale = scale or scale_of_metric([row], metric)
    return Figure(
        write(row.value),
        whisker=whisker_of(row.value, row.low, row.high, scale=scale),
        interval=interval_in_words(row.low, row.high, write=write),
        counted=_counted(row, metric.unit, opens=opens),
        too_small=row.value is not None and not row.reportable and not _known_in_part(row, metric),
    )


def _known_in_part(row: Counted, metric: Metric) -> bool:
    """Of invitations that another system sent nobody can say how many there were."""
    return metric.key == "response_rate" and row.low is None


def scale_of_metric(rows: Sequence[Valued], metric: Metric) -> Scale:
    """The whole of a share or of NPS, so that a glance tells much from little; else from 0 on."""
    if metric.unit is Unit.POINTS:
        return Scale(*metric.limits)
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    if metric.unit is Unit.SHARE:
        return Scale(math.floor(low), max(math.ceil(high), 1))
    return Scale(low, high * 1.1 or 1.0)


def reservations(report: MetricReport, *, today: dt.date) -> dict[str, Any]:
    """What the pages say before the figures, as far as it is about the metrics of the report."""
    period, keys = report.period, {row.metric for row in report.rows}
    of_customers, of_revenue = keys & CUSTOMER_FIGURES, keys & REVENUE_FIGURES
    segments = report.segments
    return {
        "targets_left_out": report.filters.chooses_part
        and any(narrows(report.filters, BY_KEY[key]) for key in keys & known_targets().keys()),
        "lies_ahead": bool(of_customers) and lies_ahead(period, today=today),
        "no_month_end": bool(of_revenue) and not has_month_end(period),
        "unknown": segments.unknown if segments and (of_customers or of_revenue) else [],
        "about_customers": segments is None or segments.about_customers,
    }


def _counted(row: Counted, unit: Unit, *, opens: Opens | None) -> str | SafeString:
    if row.denominator is None:
        return ""
    whole = _opening(row.denominator, opens, place=0)
    if row.numerator is None or unit is Unit.POINTS:
        return whole
    if unit is Unit.SHARE:
        part = _opening(row.numerator, opens, place=1)
        return format_html(_("{part} of {whole}"), part=part, whole=whole)
    still = _opening(row.denominator - row.numerator, opens, place=2)
    return format_html(_("{whole}, {open} of them open"), whole=whole, open=still)


def _opening(number: int, opens: Opens | None, *, place: int) -> str | SafeString:
    url = opens(place) if opens and number else ""
    text = write_number(number)
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def interval_in_words(
    low: float | None, high: float | None, *, write: Callable[[float], str]
) -> str:
    if low is None or high is None:
        return _one_sided(low, high, write=write)
    return _("%(low)s to %(high)s") % {"low": write(low), "high": write(high)}


def _one_sided(low: float | None, high: float | None, *, write: Callable[[float], str]) -> str:
    """Of an interval that the data do not end on the other side."""
    if low is not None:
        return _bounded(write(low), at_most=False)
    return "" if high is None else _bounded(write(high), at_most=True)


def _moved(row: MetricRow) -> str:
    if row.change is None or row.change_p_value is None:
        return ""
    if row.change_significant is None:
        return "few"
    if not row.change_significant:
        return "chance"
    return "rose" if row.change > 0 else "fell"


def _bounded(text: str, *, at_most: bool) -> str:
    words = _("at most %(target)s") if at_most else _("at least %(target)s")
    return words % {"target": text}


def _line(course: Course) -> tuple[str, tuple[str, ...]]:
    if not course:
        return "", ()
    return sparklines([each.value for each in course], finished=[each.whole for each in course])
