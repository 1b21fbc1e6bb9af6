from __future__ import annotations

from typing import Any

from accounts.domain.targets import Metric
from accounts.queries.targets import known_targets
from analytics.domain.periods import month_label, month_of
from analytics.queries.answers.satisfaction import asks_satisfaction
from analytics.queries.dimensions import known_dimensions
from analytics.reports.csat import CsatReport, csat_report
from analytics.views.forms.filters import SegmentForm
from analytics.views.report_view import ReportView


class CsatView(ReportView[CsatReport]):
    name = CsatReport.name
    counts_by_segment = True
    form: SegmentForm

    def get_form(self) -> SegmentForm:
        return SegmentForm(self.request.GET, today=self.today, dimensions=known_dimensions())

    def get_report(self) -> CsatReport:
        return csat_report(self.form.filters(), target=known_targets().get(Metric.CSAT))

    def get_details(self, report: CsatReport) -> dict[str, Any]:
        running = month_label(month_of(self.today))
        return {
            "compared": report.filters.compared,
            "rows": [(row, row.label) for row in report.rows],
            "lines": [(row, row.name == running) for row in reversed(report.trend)],
            "asked": report.total.denominator > 0 or asks_satisfaction(),
            # The values of now wait for nothing.
            **({"rebuild": None} if report.filters.as_of else {}),
        }


view = CsatView.as_view()
