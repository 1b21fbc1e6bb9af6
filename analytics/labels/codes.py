"""The words of the codes that reports hold, for readers of a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from accounts.domain.targets import Metric
from analytics.domain.findings import FindingKind
from analytics.domain.health.evidence.observations import RAW, SCORE
from analytics.domain.health.formulas.sources import SourceKind
from analytics.domain.metrics.catalogue import CATALOGUE, Unit
from analytics.domain.verdicts import Verdict
from analytics.labels import (
    CAP_LABELS,
    GROUP_LABELS,
    SOURCE_LABELS,
    STATE_LABELS,
    TOUCH_LABELS,
)
from analytics.labels.headings import HEADINGS, Text
from analytics.labels.metrics import UNIT_LABELS

_METRICS: dict[str, Text] = {
    **{each.value: HEADINGS[each.value].label for each in Metric},
    **{each.key: gettext_lazy(each.name) for each in CATALOGUE},
}
_FINDINGS: dict[str, Text] = {
    FindingKind.NPS_ROSE: gettext_lazy("NPS rose"),
    FindingKind.NPS_FELL: gettext_lazy("NPS fell"),
    FindingKind.NPS_STEADY: gettext_lazy("NPS did not change beyond chance"),
    FindingKind.RESPONSE_RATE_ROSE: gettext_lazy("Response rate rose"),
    FindingKind.RESPONSE_RATE_FELL: gettext_lazy("Response rate fell"),
    FindingKind.CHURN_ROSE: gettext_lazy("Customer churn rose"),
    FindingKind.CHURN_FELL: gettext_lazy("Customer churn fell"),
    FindingKind.NRR_ROSE: gettext_lazy("NRR rose"),
    FindingKind.NRR_FELL: gettext_lazy("NRR fell"),
    FindingKind.SEGMENT_ROSE: gettext_lazy("NPS of a segment rose"),
    FindingKind.SEGMENT_FELL: gettext_lazy("NPS of a segment fell"),
    FindingKind.GROUP_LEAVES_MORE: gettext_lazy("A group leaves more often"),
    FindingKind.GROUPS_DIFFER: gettext_lazy("Groups leave at different rates"),
}
_STATES: dict[str, Text] = {
    Verdict.MET: gettext_lazy("Target met"),
    Verdict.NOT_MET: gettext_lazy("Target not met"),
    Verdict.CANNOT_TELL: gettext_lazy("Too early to tell"),
    "missed": gettext_lazy("Target not met"),
    "open": gettext_lazy("Too early to tell"),
}
# The words of a code, by the name of its column: one code may mean two things.
WORDS: dict[str, Mapping[str, Text]] = {
    "group": GROUP_LABELS,
    "against": GROUP_LABELS,
    "metric": _METRICS,
    "figure": _METRICS | _FINDINGS,
    "unit": {**UNIT_LABELS, Unit.SHARE: gettext_lazy("Share")},
    "status": _STATES,
    "verdict": _STATES,
    "touch": TOUCH_LABELS,
    "capped_by": CAP_LABELS,
    "state": STATE_LABELS,
    "predictor": {
        name: gettext_lazy("Health score") if name == SCORE else SOURCE_LABELS[SourceKind(name)]
        for name in (SCORE, *RAW)
    },
}
