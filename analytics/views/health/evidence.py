from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.domain.access.roles import Permission
from analytics.queries.health.forecasts import Graded, graded_forecasts
from analytics.queries.health.formulas import Version
from analytics.reports.health.evidence import EvidenceReport, evidence_report
from analytics.reports.health.sentences import graded_sentences, verdict_sentence
from analytics.views.forms.health import EvidenceForm
from analytics.views.report_view import ReportView


class EvidenceView(ReportView[EvidenceReport]):
    name = EvidenceReport.name
    form: EvidenceForm

    def get_form(self) -> EvidenceForm:
        return EvidenceForm(self.request.GET, today=self.today)

    def get_report(self) -> EvidenceReport:
        data = self.form.cleaned_data
        return evidence_report(
            self.form.period,
            horizon_days=int(data["horizon"] or self.form.defaults["horizon"]),
            every_days=int(data["every"] or self.form.defaults["every"]),
            today=self.today,
        )

    def get_details(self, report: EvidenceReport) -> dict[str, Any]:
        proof, labels = report.proof, report.labels
        predictors = sorted(proof.predictors, key=lambda each: -(each.auc or 0))
        versions = {each.name: each.pk for each in report.versions}
        forecasts = _in_order(graded_forecasts(until=report.last_known), report.versions)
        return {
            "proof": proof,
            "verdict": verdict_sentence(proof, labels=labels),
            "predictors": [(labels[each.name], each) for each in predictors],
            "drafts": [
                (
                    each,
                    versions[each.formula],
                    [(labels[key], key, weight) for key, weight in each.weights],
                )
                for each in proof.drafts
            ],
            "forecasts": forecasts,
            "graded": graded_sentences(forecasts),
            "may_edit": self.request.user.may(Permission.MANAGE_SETTINGS),
        }


def _in_order(forecasts: Sequence[Graded], versions: Sequence[Version]) -> list[Graded]:
    """Of each day the bands as the formulas have them, the best first."""
    names = [band.name for each in versions for band in each.formula.bands]
    rank = {name: place for place, name in reversed(list(enumerate(names)))}
    found = sorted(forecasts, key=lambda each: rank.get(each.band, len(names)))
    return sorted(found, key=lambda each: each.day, reverse=True)


view = EvidenceView.as_view()
