from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from analytics.domain.availability import lies_ahead
from analytics.domain.customers.revenue import has_month_end
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import Change
from analytics.domain.statistics.multiplicity import FALSE_DISCOVERY_RATE
from analytics.domain.statistics.nps.intervals import MIN_CUSTOMERS
from analytics.labels import p_value_text
from analytics.queries.dimensions import known_dimensions
from analytics.reports.answers.mix import MixReport, mix_report
from analytics.reports.answers.trend import TrendReport, TrendRow, trend_report
from analytics.views.answers.segments import row_scale
from analytics.views.forms.filters import TrendForm
from analytics.views.report_view import ReportView
from common.templatetags.figures import write_limits
from surveys.domain.answers.scoring import MIN_RESPONSES


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the report as the page shows it."""

    row: TrendRow
    period: Period
    # That its calendar part is cut at an edge, or still runs; else empty.
    cut: str
    lies_ahead: bool
    no_month_end: bool

    @property
    def says_no_revenue(self) -> bool:
        return self.no_month_end and self.row.nrr is not None


class TrendView(ReportView[TrendReport]):
    name = TrendReport.name
    counts_by_segment = True
    form: TrendForm

    def get_form(self) -> TrendForm:
        self.dimensions = known_dimensions()
        return TrendForm(self.request.GET, today=self.today, dimensions=self.dimensions)

    def get_report(self) -> TrendReport:
        return trend_report(self.form.filters(), step=self.form.step_chosen())

    def get_details(self, report: TrendReport) -> dict[str, Any]:
        lines = _lines(report, today=self.today)
        by = self.form.chosen_dimension()
        mix = mix_report(report.filters, dimension=by, today=self.today) if by else None
        narrowed = report.about_customers and report.filters.chooses_answers
        return {
            "lines": lines,
            "filters": report.filters,
            "scale": row_scale(report.rows),
            "no_month_end": ", ".join(each.row.period for each in lines if each.says_no_revenue),
            "ahead": report.about_customers and any(each.lies_ahead for each in lines),
            "narrowed_answers": narrowed,
            "answered": any(row.responses for row in report.rows),
            "months_shared": report.step.window,
            "latest": _latest(report),
            "mix": mix and _mix(mix),
        }


view = TrendView.as_view()


def _lines(report: TrendReport, *, today: dt.date) -> list[Line]:
    """The latest first."""
    lines = [
        Line(
            row,
            period,
            _cut(period, report=report, today=today),
            lies_ahead(period, today=today),
            not has_month_end(period),
        )
        for row, period in zip(report.rows, report.periods, strict=True)
    ]
    return lines[::-1]


def _cut(period: Period, *, report: TrendReport, today: dt.date) -> str:
    whole = report.step.whole(period)
    if period == whole:
        return _("so far") if report.is_cut(period, today=today) else ""
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
        "p": p_value_text(found.p_value),
        "verdict": _verdict(found),
    }


def _mix(report: MixReport) -> dict[str, Any]:
    found = report.change
    if found is None:
        return {"report": report, "needed": MIN_RESPONSES, "customers": MIN_CUSTOMERS}
    low, high = write_limits(found.low, found.high)
    return {
        "report": report,
        "low": low,
        "high": high,
        "p": p_value_text(found.p_value),
        "verdict": _verdict(found),
    }


def _verdict(change: Change) -> str:
    return (
        _("Unlikely to be chance.")
        if change.p_value <= FALSE_DISCOVERY_RATE
        else _("Could be chance.")
    )
