from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.domain.targets import Metric
from accounts.queries.targets import known_targets
from analytics.domain.periods import month_label, month_of, months
from analytics.queries.answers.satisfaction import asks_satisfaction
from analytics.queries.dimensions import known_dimensions
from analytics.reports.answers.csat import CsatReport, csat_report
from analytics.views.forms.filters import SegmentForm
from analytics.views.report_view import ReportView


class CsatView(ReportView[CsatReport]):
    name = CsatReport.name
    counts_by_segment = True
    form: SegmentForm

    def get_form(self) -> SegmentForm:
        return SegmentForm(self.request.GET, today=self.today, dimensions=known_dimensions())

    def get_report(self) -> CsatReport:
        filters = self.form.filters()
        return csat_report(filters, target=None if filters.chooses_part else _target())

    def get_details(self, report: CsatReport) -> dict[str, Any]:
        running = month_label(month_of(self.today))
        parts = months(report.period)
        return {
            "filters": report.filters,
            "targets_left_out": report.filters.chooses_part and _target() is not None,
            "compared": report.filters.compared,
            "rows": [(row, row.label) for row in report.rows],
            "lines": [
                (row, row.name == running, part)
                for row, part in zip(reversed(report.trend), reversed(parts), strict=True)
            ],
            "asked": report.total.denominator > 0 or asks_satisfaction(),
            # The values of now wait for nothing.
            **({"rebuild": None} if report.filters.as_of else {}),
        }


def _target() -> Decimal | None:
    return known_targets().get(Metric.CSAT)


view = CsatView.as_view()
