from __future__ import annotations

from typing import Any

from analytics.domain.customers.revenue import has_month_end
from analytics.reports.retention import RetentionReport, cohorts_dict, retention_report
from analytics.views.forms import RetentionForm
from analytics.views.report_view import ReportView


class RetentionView(ReportView[RetentionReport]):
    name = RetentionReport.name
    form: RetentionForm

    def get_form(self) -> RetentionForm:
        return RetentionForm(self.request.GET, today=self.today)

    def get_report(self) -> RetentionReport:
        return retention_report(self.form.period, today=self.today)

    def get_details(self, report: RetentionReport) -> dict[str, Any]:
        return {
            "cohorts": [
                {"table": cohorts_dict(report.customers), "revenue": False},
                {"table": cohorts_dict(report.revenue), "revenue": True},
            ],
            "no_month_end": not has_month_end(report.period),
            "months": list(reversed(report.months)),
        }


view = RetentionView.as_view()
