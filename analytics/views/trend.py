from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from analytics import charts
from analytics.filters import FilterError
from analytics.forms import TrendForm
from analytics.queries.campaigns import launches
from analytics.reports import TrendReport, trend_report
from analytics.reports.mix import mix_report
from analytics.views.downloads import Charts, download
from analytics.views.shared import chart_links, known_dimensions, page_context


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def trend(request: HttpRequest) -> HttpResponse:
    dimensions = known_dimensions()
    form = TrendForm(request.GET, today=timezone.localdate(), dimensions=dimensions)
    filters = form.filters()
    try:
        report = trend_report(filters, step=form.step_chosen()) if form.is_valid() else None
    except FilterError as error:
        form.add_error(None, str(error))
        report = None
    if report is None:
        context = page_context(request, page="trend", form=form)
        return render(request, "analytics/trend.html", context, status=422)
    drawings: Charts = {
        "nps": lambda: charts.trend_chart(report, campaigns=_launches(report)),
        **{name: partial(charts.rate_chart, report, **how) for name, how in _rates().items()},
    }
    name = f"trend-{filters.period.start}-{filters.period.last_day}"
    if file := download(request, report=report, drawings=drawings, name=name):
        return file
    form.show_chosen()
    context = page_context(
        request,
        page="trend",
        form=form,
        report=report,
        rows=list(reversed(report.rows)),
        answered=any(row.responses for row in report.rows),
        nps_chart=drawings["nps"](),
        rates=[
            {"id": name, "title": how["label"], "spec": drawings[name]()}
            for name, how in _rates().items()
        ],
        mix=mix_report(filters, dimensions=dimensions),
        links=chart_links(request, names=["nps"]),
    )
    return render(request, "analytics/trend.html", context)


def _rates() -> dict[str, dict[str, str]]:
    return {
        "response-rate": {"field": "response_rate", "label": _("Response rate")},
        "customer-churn": {"field": "customer_churn_rate", "label": _("Customer churn")},
        "nrr": {"field": "nrr", "label": _("NRR")},
    }


def _launches(report: TrendReport) -> list[tuple[str, str]]:
    """The label of the part of the period in which each campaign was launched, and its name."""
    return [
        (row.period, name)
        for day, name in launches(report.filters.period)
        for row, period in zip(report.rows, report.periods, strict=True)
        if day in period
    ]
