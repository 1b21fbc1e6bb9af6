from __future__ import annotations

import datetime as dt
from typing import Any

from analytics.domain.customers.retention import MIN_COHORT, Retention
from analytics.domain.customers.revenue import has_month_end
from analytics.domain.periods import month_label, month_of, so_far
from analytics.queries.filters import Filters
from analytics.reports.retention import RetentionReport, cohorts_dict, retention_report
from analytics.views.forms.filters import RetentionForm
from analytics.views.report_view import ReportView


class RetentionView(ReportView[RetentionReport]):
    name = RetentionReport.name
    form: RetentionForm

    def get_form(self) -> RetentionForm:
        return RetentionForm(self.request.GET, today=self.today)

    def get_report(self) -> RetentionReport:
        return retention_report(self.form.period, today=self.today, owner=self.form.owner)

    def get_details(self, report: RetentionReport) -> dict[str, Any]:
        return {
            "cohorts": [
                _cohorts(report.customers, revenue=False, today=self.today),
                _cohorts(report.revenue, revenue=True, today=self.today),
            ],
            "filters": Filters(report.period, owner=self.form.owner),
            "too_small": MIN_COHORT,
            "running": month_of(self.today),
            "no_month_end": not has_month_end(report.period),
            "period_runs": so_far(report.period, today=self.today) is not None,
            "months": [(each, report.looks_incomplete(each)) for each in reversed(report.months)],
        }


def _cohorts(retention: Retention, *, revenue: bool, today: dt.date) -> dict[str, Any]:
    """Each row with the number of its customers, and whether they are too few or still to come."""
    table = cohorts_dict(retention)
    small, running = retention.small, month_label(month_of(today))
    sizes = retention.sizes.astype(int).tolist()
    rows = [
        (row, size, row["cohort"] in small, row["cohort"] == running)
        for row, size in zip(table["cohorts"], sizes, strict=True)
    ]
    return {"table": table, "rows": rows, "revenue": revenue, "small": bool(small)}


view = RetentionView.as_view()
