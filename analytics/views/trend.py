from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from analytics import alternatives, charts
from analytics.domain.multiplicity import FALSE_DISCOVERY_RATE
from analytics.filters import FilterError
from analytics.findings import p_phrase
from analytics.forms import TrendForm
from analytics.queries.campaigns import launches
from analytics.queries.moment import one_moment
from analytics.reports import TrendReport, trend_report
from analytics.reports.mix import mix_report
from analytics.views.downloads import Charts, download
from analytics.views.shared import (
    chart_links,
    chosen_words,
    known_dimensions,
    page_context,
    wants_file,
)


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def trend(request: HttpRequest) -> HttpResponse:
    dimensions = known_dimensions()
    form = TrendForm(request.GET, today=timezone.localdate(), dimensions=dimensions)
    filters = form.filters()
    try:
        with one_moment():
            report = trend_report(filters, step=form.step_chosen()) if form.is_valid() else None
            page_too = report is not None and not wants_file(request)
            mix = mix_report(filters, dimensions=dimensions) if page_too else None
    except FilterError as error:
        form.add_error(None, str(error))
        report = None
    if report is None:
        context = page_context(request, page="trend", form=form)
        return render(request, "analytics/trend.html", context, status=422)
    drawings = _drawings(report)
    name = f"trend-{filters.period.start}-{filters.period.last_day}"
    words = [*chosen_words(form), *_shared_answers(report)]
    if file := download(request, report=report, drawings=drawings, name=name, words=words):
        return file
    form.show_chosen()
    links = chart_links(request, names=list(drawings))
    context = page_context(
        request,
        page="trend",
        form=form,
        report=report,
        rows=list(reversed(report.rows)),
        answered=any(row.responses for row in report.rows),
        months_shared=report.step.window,
        nps_chart={"spec": drawings["nps"](), "alt": alternatives.trend_words(report)},
        rates=[
            {
                "id": name,
                "title": how["label"],
                "spec": drawings[name](),
                "alt": alternatives.rate_words(report, **how),
                "links": links[name],
            }
            for name, how in _rates().items()
        ],
        latest=_latest(report),
        mix=mix,
        links=links,
    )
    return render(request, "analytics/trend.html", context)


def _latest(report: TrendReport) -> dict[str, Any] | None:
    found = report.latest
    if found is None:
        return None
    stands_out = found.p_value <= FALSE_DISCOVERY_RATE
    return {
        "label": report.rows[-1].period,
        "change": found,
        "p": p_phrase(found.p_value),
        "verdict": _("More than chance.") if stands_out else _("Within chance."),
    }


def _shared_answers(report: TrendReport) -> list[str]:
    """A picture of rolling windows must say so itself."""
    months = report.step.window
    if months == 1:
        return []
    text = _("Each point covers the %(months)s months that end with it: neighbours share answers.")
    return [text % {"months": months}]


def _drawings(report: TrendReport) -> Charts:
    marks = _launches(report)
    rates = {
        name: partial(charts.rate_chart, report, campaigns=marks, **how)
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
