from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from analytics.domain.nps import MIN_RESPONSES
from analytics.findings import sentence
from analytics.reports.overview import overview_report
from analytics.views.downloads import download
from analytics.views.shared import page_context

LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN = 120, 28, 3


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    report = overview_report(today=timezone.localdate())
    name = f"overview-{report.filters.period.start}-{report.filters.period.last_day}"
    if file := download(request, report=report.trend, drawings={}, name=name):
        return file
    rows = report.trend.rows
    lines = {
        name: sparkline([getattr(row, name) for row in rows])
        for name in ("response_rate", "customer_churn_rate", "nrr")
    }
    reportable = [row.nps if row.responses >= MIN_RESPONSES else None for row in rows]
    lines["nps"] = sparkline(reportable)
    context = page_context(
        request,
        page="overview",
        report=report,
        total=report.total,
        compared=report.filters.compared,
        lines=lines,
        sentences=[(sentence(each), each) for each in report.findings],
    )
    return render(request, "analytics/overview.html", context)


def sparkline(values: Sequence[float | None]) -> str:
    """The points of the line; it goes on over what is not known, which has no point of its own."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    low = min(value for _, value in known)
    spread = max(value for _, value in known) - low or 1.0
    step, height = LINE_WIDTH / (len(values) - 1), LINE_HEIGHT - 2 * LINE_MARGIN
    return " ".join(
        f"{place * step:.1f},{LINE_HEIGHT - LINE_MARGIN - (value - low) / spread * height:.1f}"
        for place, value in known
    )
