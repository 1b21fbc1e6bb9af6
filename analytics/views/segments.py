from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from analytics.charts.segments import is_plottable, scatter_alt, scatter_chart
from analytics.domain.availability import lies_ahead
from analytics.domain.revenue import has_month_end
from analytics.queries.filters import FilterError
from analytics.queries.snapshot import one_moment
from analytics.reports import SegmentReport, SegmentRow, segment_report
from analytics.reports.intents import intent_report
from analytics.reports.languages import LanguageReport, language_report
from analytics.views.downloads import download
from analytics.views.forms import NOW, SegmentForm
from analytics.views.shared import (
    chart_links,
    chosen_words,
    known_dimensions,
    page_context,
    wants_file,
    with_query,
)

SORTABLE = (
    "segment", "detractors", "responses", "response_rate", "nps", "nps_change", "account_nps",
    "revenue_weighted_nps", "customers_at_start", "customer_churn_rate",
    "customer_retention_rate", "revenue_churn_rate", "grr", "nrr", "mrr_start",
)  # fmt: skip


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    dimensions = known_dimensions()
    today = timezone.localdate()
    form = SegmentForm(request.GET, today=today, dimensions=dimensions)
    filters = form.filters()
    try:
        with one_moment():
            report = segment_report(filters) if form.is_valid() else None
            beside = _beside(report) if report and not wants_file(request) else {}
    except FilterError as error:
        form.add_error(None, str(error))
        report = None
    if report is None:
        context = page_context(request, page="segments", form=form)
        return render(request, "analytics/segments.html", context, status=422)
    drawings = {"nps-and-churn": lambda: scatter_chart(report)}
    name = f"segments-{filters.period.start}-{filters.period.last_day}"
    if filters.as_of:
        name += f"-as-of-{filters.as_of}"
    words = [*chosen_words(form), *_whole_customers(report)]
    if file := download(request, report=report, drawings=drawings, name=name, words=words):
        return file
    form.show_chosen()
    sort = request.GET.get("sort", "")
    shown = [row for row in report.rows if len(filters.by) < 2 or not row.stands_empty]
    plotted = [row for row in report.rows if is_plottable(row)]
    context = page_context(
        request,
        page="segments",
        form=form,
        report=report,
        rows=sorted_rows(shown, sort=sort),
        empty=len(report.rows) - len(shown),
        sort=sort,
        compared=filters.compared,
        **_reservations(report, today=today),
        other_view=with_query(request, as_of="" if filters.as_of else NOW),
        scatter=scatter_chart(report) if plotted else None,
        scatter_alt=scatter_alt(plotted),
        plotted=plotted,
        links=chart_links(request, names=["nps_and_churn"]),
        dimensions=dimensions,
        **beside,
    )
    if filters.as_of:
        # The values of now wait for nothing.
        context["rebuild"] = None
    return render(request, "analytics/segments.html", context)


def _reservations(report: SegmentReport, *, today: dt.date) -> dict[str, bool]:
    """What is to be said of the columns of customers and revenue; nothing where there are none."""
    if not report.about_customers:
        return {}
    return {
        "lies_ahead": lies_ahead(report.period, today=today),
        "no_month_end": not has_month_end(report.period),
        "narrowed_answers": report.filters.chooses_answers,
    }


def _whole_customers(report: SegmentReport) -> list[str]:
    """What a picture must say itself, as the page does beside it."""
    if not (report.about_customers and report.filters.chooses_answers):
        return []
    return [
        _(
            "Customer churn and MRR are those of all customers of the segment, whatever the "
            "language or campaign."
        )
    ]


def _beside(report: SegmentReport) -> dict[str, Any]:
    """What the page shows of the same answers besides the report itself."""
    return {
        "languages": None if report.filters.language else _languages(report),
        "with_intents": intent_report(report.filters, total=report.total),
    }


def _languages(report: SegmentReport) -> LanguageReport:
    order = [tuple(row.segment.values()) for row in report.rows]
    return language_report(report.filters, order=order)


def sorted_rows(rows: Sequence[SegmentRow], *, sort: str) -> list[SegmentRow]:
    """What cannot be known, and groups too small to rank by their score, stand last."""
    key = sort.removeprefix("-")
    if key not in SORTABLE:
        return list(rows)
    if key == "segment":
        # They come in the order of their values, bands from low to high.
        return list(rows[::-1] if sort.startswith("-") else rows)
    ranked = [row for row in rows if _rankable(row, key)]
    others = [row for row in rows if not _rankable(row, key)]
    ranked.sort(key=lambda row: _rank(row, key), reverse=sort.startswith("-"))
    return ranked + others


def _rank(row: SegmentRow, key: str) -> Any:
    """Bars are compared by the part that stands first in them."""
    return row.detractors / row.responses if key == "detractors" else getattr(row, key)


def _rankable(row: SegmentRow, key: str) -> bool:
    by_score = key == "detractors" or "nps" in key
    return getattr(row, key) is not None and (not by_score or row.reportable)
