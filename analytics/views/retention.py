from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from analytics.charts.retention import cohort_alt, cohort_chart, movement_alt, movement_chart
from analytics.domain.revenue import has_month_end
from analytics.labels import MOVEMENT_LABELS
from analytics.queries.customers import currency
from analytics.reports import RetentionReport, retention_report
from analytics.reports.retention import cohorts_dict
from analytics.views.downloads import Charts, download
from analytics.views.forms import RetentionForm
from analytics.views.shared import chart_links, chosen_words, page_context

CHARTS = ["customers", "revenue", "movements"]


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = RetentionForm(request.GET, today=today)
    if not form.is_valid():
        context = page_context(request, page="retention", form=form)
        return render(request, "analytics/retention.html", context, status=422)
    report = retention_report(form.period, today=today)
    drawings = _drawings(report)
    name = f"retention-{form.period.start}-{form.period.last_day}"
    words = chosen_words(form)
    if file := download(request, report=report, drawings=drawings, name=name, words=words):
        return file
    form.show_chosen()
    context = page_context(
        request,
        page="retention",
        form=form,
        report=report,
        cohorts=[
            {"id": "customers", "table": cohorts_dict(report.customers), "revenue": False},
            {"id": "revenue", "table": cohorts_dict(report.revenue), "revenue": True},
        ],
        charts={each: drawings[each]() for each in drawings},
        alts={
            "customers": cohort_alt(report.customers),
            "revenue": cohort_alt(report.revenue),
            "movements": movement_alt(report, currency=currency()),
        },
        no_month_end=not has_month_end(report.period),
        months=list(reversed(report.months)),
        links=chart_links(request, names=CHARTS),
    )
    return render(request, "analytics/retention.html", context)


def _drawings(report: RetentionReport) -> Charts:
    labels = {name: str(label) for name, label in MOVEMENT_LABELS.items()}
    return {
        "customers": lambda: cohort_chart(report.customers),
        "revenue": lambda: cohort_chart(report.revenue),
        "movements": lambda: movement_chart(report, labels=labels),
    }
