from __future__ import annotations

from typing import Any

from accounts.domain.roles import Permission
from analytics.labels import group_label, p_value_text, withheld_sentence
from analytics.reports.outcomes import OutcomeReport, outcome_report
from analytics.views.forms import OutcomeForm
from analytics.views.report_view import ReportView

CUSTOMERS_SHOWN = 50
CURVE_DAYS = (0, 90, 180, 365, 540, 720)


class OutcomesView(ReportView[OutcomeReport]):
    name = OutcomeReport.name
    form: OutcomeForm

    def get_form(self) -> OutcomeForm:
        return OutcomeForm(self.request.GET, today=self.today)

    def get_report(self) -> OutcomeReport:
        horizon = int(self.form.cleaned_data["horizon"])
        return outcome_report(self.form.period, horizon_days=horizon, today=self.today)

    def get_details(self, report: OutcomeReport) -> dict[str, Any]:
        p_value = report.outcomes.log_rank_p_value
        return {
            "rows": [(row, group_label(row.group)) for row in report.rows],
            "withheld": _withheld(report),
            "log_rank": "" if p_value is None else p_value_text(p_value),
            "curves": _curve_table(report),
            "curve_days": CURVE_DAYS,
            "followed": any(row.survival for row in report.rows),
            "customers": report.at_risk[:CUSTOMERS_SHOWN],
            "more": max(len(report.at_risk) - CUSTOMERS_SHOWN, 0),
            "may_view_people": self.request.user.may(Permission.VIEW_PEOPLE),
        }


view = OutcomesView.as_view()


def _withheld(report: OutcomeReport) -> list[str]:
    days = report.outcomes.horizon_days
    sentences = (withheld_sentence(row, horizon_days=days) for row in report.rows)
    return [each for each in sentences if each]


def _curve_table(report: OutcomeReport) -> list[tuple[str, list[tuple[float | None, int]]]]:
    """The curves in figures: the share still there on some days, and how many are followed."""
    return [
        (
            group_label(row.group),
            [
                (share, number)
                for share, (_, number) in zip(
                    report.still_there_on(row.group, CURVE_DAYS),
                    report.at_risk_on(row.group, CURVE_DAYS),
                    strict=True,
                )
            ],
        )
        for row in report.rows
    ]
