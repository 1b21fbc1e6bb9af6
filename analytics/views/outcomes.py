from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.domain.customers.group_tests import PairTest
from analytics.domain.customers.outcomes import OutcomeRow
from analytics.labels import group_label, p_value_text, withheld_sentence
from analytics.queries.filters import Filters
from analytics.reports.outcomes import OutcomeReport, outcome_report
from analytics.views.forms.filters import OutcomeForm
from analytics.views.report_view import ReportView
from common.templatetags.figures import write_number

CUSTOMERS_SHOWN = 50
CURVE_DAYS = (0, 90, 180, 365, 540, 720)


class OutcomesView(ReportView[OutcomeReport]):
    name = OutcomeReport.name
    form: OutcomeForm

    def get_form(self) -> OutcomeForm:
        return OutcomeForm(self.request.GET, today=self.today)

    def get_report(self) -> OutcomeReport:
        horizon = int(self.form.cleaned_data["horizon"])
        form = self.form
        return outcome_report(form.period, horizon_days=horizon, today=self.today, owner=form.owner)

    def get_details(self, report: OutcomeReport) -> dict[str, Any]:
        p_value = report.outcomes.log_rank_p_value
        return {
            "rows": [(row, group_label(row.group), _risk(row, report)) for row in report.rows],
            "left_out": _left_out(report),
            "withheld": _withheld(report),
            "log_rank": "" if p_value is None else p_value_text(p_value),
            "pairs": [_pair_sentence(pair) for pair in report.outcomes.pairs],
            "curves": _curve_table(report),
            "curve_days": CURVE_DAYS,
            "followed": any(row.survival for row in report.rows),
            "customers": report.at_risk[:CUSTOMERS_SHOWN],
            "more": max(len(report.at_risk) - CUSTOMERS_SHOWN, 0),
            "filters": Filters(report.period, owner=self.form.owner),
        }


view = OutcomesView.as_view()


def _risk(row: OutcomeRow, report: OutcomeReport) -> dict[str, float | None] | None:
    """Against the reference of the page: promoters, or all others where promoters give none."""
    if report.against_others:
        found = row.against_others
        return None if found is None else found._asdict()
    if row.relative_risk is None:
        return None
    return {"ratio": row.relative_risk, "low": row.rr_low, "high": row.rr_high}


def _pair_sentence(pair: PairTest) -> str:
    names = {
        "group": group_label(pair.group),
        "against": group_label(pair.against),
        "p": p_value_text(pair.p_adjusted),
    }
    if pair.significant:
        return _("%(group)s and %(against)s leave at different rates (p %(p)s).") % names
    return _("%(group)s and %(against)s: no difference beyond chance is seen (p %(p)s).") % names


def _left_out(report: OutcomeReport) -> list[str]:
    found = report.outcomes.left_out
    days = report.outcomes.landmark_days
    gone = ngettext(
        "%(count)s customer had left by the landmark, %(days)s days after the first invitation.",
        "%(count)s customers had left by the landmark, %(days)s days after the first invitation.",
        found.gone_by_landmark,
    ) % {"count": write_number(found.gone_by_landmark), "days": days}
    to_come = ngettext(
        "%(count)s customer has the landmark still to come.",
        "%(count)s customers have the landmark still to come.",
        found.landmark_to_come,
    ) % {"count": write_number(found.landmark_to_come)}
    return [text for text, count in zip((gone, to_come), found, strict=True) if count]


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
                for share, (_day, number) in zip(
                    report.still_there_on(row.group, CURVE_DAYS),
                    report.at_risk_on(row.group, CURVE_DAYS),
                    strict=True,
                )
            ],
        )
        for row in report.rows
    ]
