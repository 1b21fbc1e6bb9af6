from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from analytics.charts import trend as charts
from analytics.domain.availability import lies_ahead
from analytics.domain.periods import Period, so_far
from analytics.domain.revenue import has_month_end
from analytics.domain.statistics.multiplicity import FALSE_DISCOVERY_RATE
from analytics.domain.statistics.nps import MIN_RESPONSES, Change
from analytics.queries.campaigns import launches
from analytics.queries.filters import FilterError
from analytics.queries.snapshot import one_moment
from analytics.reports import TrendReport, trend_report
from analytics.reports.mix import MixReport, mix_report
from analytics.reports.sentences import p_phrase
from analytics.reports.trend import TrendRow
from analytics.views.downloads import Charts, download
from analytics.views.forms import TrendForm
from analytics.views.shared import (
    chart_links,
    chosen_words,
    known_dimensions,
    page_context,
    wants_file,
)
from common.templatetags.figures import write_limits


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the report as the page shows it."""

    row: TrendRow
    # That its calendar part is cut at an edge, or still runs; else empty.
    cut: str
    lies_ahead: bool
    no_month_end: bool

    @property
    def says_no_revenue(self) -> bool:
        return self.no_month_end and self.row.nrr is not None


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def trend(request: HttpRequest) -> HttpResponse:
    dimensions = known_dimensions()
    today = timezone.localdate()
    form = TrendForm(request.GET, today=today, dimensions=dimensions)
    filters = form.filters()
    try:
        with one_moment():
            report = trend_report(filters, step=form.step_chosen()) if form.is_valid() else None
            page_too = report is not None and not wants_file(request)
            mix = mix_report(filters, dimensions=dimensions, today=today) if page_too else None
    except FilterError as error:
        form.add_error(None, str(error))
        report = None
    if report is None:
        context = page_context(request, page="trend", form=form)
        return render(request, "analytics/trend.html", context, status=422)
    drawings = _drawings(report, today=today)
    name = f"trend-{filters.period.start}-{filters.period.last_day}"
    words = [*chosen_words(form), *_shared_answers(report)]
    if file := download(request, report=report, drawings=drawings, name=name, words=words):
        return file
    form.show_chosen()
    lines = _lines(report, today=today)
    links = chart_links(request, names=list(drawings))
    context = page_context(
        request,
        page="trend",
        form=form,
        report=report,
        lines=lines,
        no_month_end=", ".join(each.row.period for each in lines if each.says_no_revenue),
        ahead=report.about_customers and any(each.lies_ahead for each in lines),
        narrowed_answers=report.about_customers and filters.chooses_answers,
        answered=any(row.responses for row in report.rows),
        months_shared=report.step.window,
        nps_chart={"spec": drawings["nps"](), "alt": charts.trend_alt(report)},
        rates=[
            {
                "id": name,
                "title": how["label"],
                "spec": drawings[name](),
                "alt": charts.rate_alt(report, today=today, **how),
                "links": links[name],
            }
            for name, how in _rates().items()
        ],
        latest=_latest(report),
        mix=mix and _mix(mix),
        links=links,
    )
    return render(request, "analytics/trend.html", context)


def _lines(report: TrendReport, *, today: dt.date) -> list[Line]:
    """The latest first."""
    lines = [
        Line(
            row,
            _cut(period, whole=report.step.whole(period), today=today),
            lies_ahead(period, today=today),
            not has_month_end(period),
        )
        for row, period in zip(report.rows, report.periods, strict=True)
    ]
    return lines[::-1]


def _cut(period: Period, *, whole: Period, today: dt.date) -> str:
    if period == whole:
        return _("so far") if so_far(period, today=today) else ""
    return _("%(days)s of %(whole)s days") % {"days": period.days, "whole": whole.days}


def _latest(report: TrendReport) -> dict[str, Any] | None:
    found = report.latest
    if found is None:
        return None
    low, high = write_limits(found.low, found.high)
    return {
        "label": report.rows[-1].period,
        "change": found,
        "low": low,
        "high": high,
        "p": p_phrase(found.p_value),
        "verdict": _verdict(found),
    }


def _mix(report: MixReport) -> dict[str, Any]:
    found = report.change
    if found is None:
        return {"report": report, "needed": MIN_RESPONSES}
    low, high = write_limits(found.low, found.high)
    return {
        "report": report,
        "low": low,
        "high": high,
        "p": p_phrase(found.p_value),
        "verdict": _verdict(found),
    }


def _verdict(change: Change) -> str:
    return (
        _("Unlikely to be chance.")
        if change.p_value <= FALSE_DISCOVERY_RATE
        else _("Could be chance.")
    )


def _shared_answers(report: TrendReport) -> list[str]:
    """A picture of rolling windows must say so itself."""
    months = report.step.window
    if months == 1:
        return []
    text = _("Each point covers the %(months)s months that end with it: neighbours share answers.")
    return [text % {"months": months}]


def _drawings(report: TrendReport, *, today: dt.date) -> Charts:
    marks = _launches(report)
    rates = {
        name: partial(charts.rate_chart, report, campaigns=marks, today=today, **how)
        for name, how in _rates().items()
    }
    return {"nps": partial(charts.trend_chart, report, campaigns=marks), **rates}


def _rates() -> dict[str, dict[str, str]]:
    return {
        "response-rate": {"field": "response_rate", "label": _("Response rate")},
        "customer-churn": {"field": "customer_churn_rate", "label": _("Customer churn")},
        "nrr": {"field": "nrr", "label": _("NRR")},
    }


def _launches(report: TrendReport) -> list[tuple[str, str]]:
    """The label of the part in which each campaign was launched, and its name."""
    return [
        (row.period, name)
        for day, name in launches(report.filters.period)
        for row, part in zip(report.rows, report.ends, strict=True)
        if day in part
    ]
