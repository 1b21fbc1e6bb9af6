from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from analytics.domain.availability import lies_ahead
from analytics.domain.customers.revenue import has_month_end
from analytics.domain.periods import so_far
from analytics.domain.statistics.multiplicity import FALSE_DISCOVERY_RATE
from analytics.labels import p_value_text
from analytics.queries.dimensions import known_dimensions
from analytics.reports.answers.intents import intent_report
from analytics.reports.answers.languages import LanguageReport, LanguagesApart, language_report
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.answers.segments import SegmentReport, segment_report
from analytics.views.forms.filters import NOW, SegmentForm
from analytics.views.report_view import ReportView, with_query
from common.templatetags.figures import write_limits
from common.templatetags.shapes import Scale, scale_of

SORTABLE = (
    "segment", "detractors", "responses", "response_rate", "nps", "nps_change", "rest_difference",
    "account_nps", "revenue_weighted_nps", "customers_at_start", "customer_churn_rate",
    "customer_retention_rate", "revenue_churn_rate", "grr", "nrr", "mrr_start",
)  # fmt: skip


class SegmentsView(ReportView[SegmentReport]):
    name = SegmentReport.name
    counts_by_segment = True
    form: SegmentForm

    def get_form(self) -> SegmentForm:
        self.dimensions = known_dimensions()
        return SegmentForm(self.request.GET, today=self.today, dimensions=self.dimensions)

    def get_report(self) -> SegmentReport:
        return segment_report(self.form.filters())

    def get_details(self, report: SegmentReport) -> dict[str, Any]:
        filters = report.filters
        sort = self.request.GET.get("sort", "")
        shown = [row for row in report.rows if len(filters.by) < 2 or not row.stands_empty]
        languages = None if filters.language else _languages(report)
        details = {
            "filters": filters,
            "rows": sorted_rows(shown, sort=sort),
            "differing": [row for row in shown if row.rest_significant],
            "tested": any(row.rest_significant is not None for row in shown),
            "scale": row_scale([*shown, report.total]),
            "empty": len(report.rows) - len(shown),
            "sort": sort,
            "compared": filters.compared,
            **_reservations(report, today=self.today),
            "unripe": report.total.still_coming_in,
            "other_view": with_query(self.request, as_of="" if filters.as_of else NOW),
            "plotted": report.plottable,
            "dimensions": self.dimensions,
            "languages": languages,
            "apart": [_apart(each) for each in languages.apart] if languages else [],
            "scale_of_languages": languages
            and row_scale(row for line in (*languages.lines, languages.total) for row in line.rows),
            "with_intents": intent_report(filters, total=report.total),
        }
        # The values of now wait for nothing.
        return details | ({"rebuild": None} if filters.as_of else {})


view = SegmentsView.as_view()


def _reservations(report: SegmentReport, *, today: dt.date) -> dict[str, bool]:
    """What is to be said of the columns of customers and revenue; nothing where there are none."""
    if not report.about_customers:
        return {}
    return {
        "running": so_far(report.period, today=today) is not None,
        "lies_ahead": lies_ahead(report.period, today=today),
        "no_month_end": not has_month_end(report.period),
        "narrowed_answers": report.filters.chooses_answers,
    }


def _languages(report: SegmentReport) -> LanguageReport:
    order = [tuple(row.segment.values()) for row in report.rows]
    return language_report(report.filters, order=order)


def _apart(found: LanguagesApart) -> dict[str, Any]:
    low, high = write_limits(found.change.low, found.change.high)
    real = found.change.p_value <= FALSE_DISCOVERY_RATE
    p = p_value_text(found.change.p_value)
    return {"found": found, "low": low, "high": high, "p": p, "real": real}


class Whiskered(Protocol):
    """A row with an NPS and its interval."""

    @property
    def nps_low(self) -> float | None: ...
    @property
    def nps_high(self) -> float | None: ...
    @property
    def reportable(self) -> bool: ...


def row_scale(rows: Iterable[Whiskered]) -> Scale:
    """Of the whiskers of one table; those of too few answers would make it too long."""
    return scale_of(end for row in rows if row.reportable for end in (row.nps_low, row.nps_high))


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
