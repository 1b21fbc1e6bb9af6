from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from analytics.domain.customers.mrr.steps import LEVELS, LOSSES, SOLD, steps
from analytics.domain.customers.retention import MIN_COHORT, Retention
from analytics.domain.customers.revenue import has_month_end
from analytics.domain.periods import month_label, month_of, so_far
from analytics.labels import STEP_LABELS
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
                _cohorts(report.revenue, revenue=True, today=self.today)
                | {"since_before": report.since_before},
            ],
            "filters": Filters(report.period, owner=self.form.owner),
            "too_small": MIN_COHORT,
            "running": month_of(self.today),
            "no_month_end": not has_month_end(report.period),
            "period_runs": so_far(report.period, today=self.today) is not None,
            "months": _months(report),
            "steps": _written(report.steps),
        }


def _months(report: RetentionReport) -> list[dict[str, Any]]:
    """The latest first; where the period has its products, the months have their columns."""
    apart = report.by_product.period is not None
    ledgers = report.by_product.months
    return [
        {
            "period": each.period,
            "incomplete": report.looks_incomplete(each),
            "steps": _written(
                steps(each.movements, ledger=ledgers[each.period.start] if apart else None),
                columns=report.steps,
            ),
        }
        for each in reversed(report.months)
    ]


def _written(found: Mapping[str, float], *, columns: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Each step with its word, its sign, and the figure of its customers; None is not known."""
    names = list(columns or found)
    by_product = "stayed" in names
    unknown = SOLD if by_product and "stayed" not in found else ()
    return [
        {
            "name": name,
            "label": STEP_LABELS[name],
            "sign": "" if name in LEVELS else "−" if name in LOSSES else "+",
            "amount": None if name in unknown else found.get(name),
            "figure": _figure(name, by_product=by_product),
        }
        for name in names
    ]


def _figure(name: str, *, by_product: bool) -> str:
    sold = by_product and name in (*SOLD, "stayed")
    return f"product_{name}" if sold else f"moved_{name}"


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
