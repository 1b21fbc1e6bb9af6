"""Findings as plain sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.domain.findings import FindingKind
from analytics.labels import group_label, p_value_text
from analytics.reports.overview.figures import HORIZON_DAYS
from analytics.reports.overview.findings import Finding
from common.templatetags.figures import write_limits, write_number, write_percent


def sentence(finding: Finding) -> str:
    texts = {
        FindingKind.NPS_ROSE: _(
            "NPS rose by %(points)s points against the period before (95 %% interval %(low)s to "
            "%(high)s, p %(p)s)."
        ),
        FindingKind.NPS_FELL: _(
            "NPS fell by %(points)s points against the period before (95 %% interval %(low)s to "
            "%(high)s, p %(p)s)."
        ),
        FindingKind.NPS_STEADY: _(
            "NPS did not change beyond chance against the period before (difference %(signed)s "
            "points, 95 %% interval %(low)s to %(high)s)."
        ),
        FindingKind.RESPONSE_RATE_ROSE: _(
            "The response rate rose by %(share_points)s percentage points against the period "
            "before (95 %% interval %(share_low)s to %(share_high)s, p %(p)s)."
        ),
        FindingKind.RESPONSE_RATE_FELL: _(
            "The response rate fell by %(share_points)s percentage points against the period "
            "before (95 %% interval %(share_low)s to %(share_high)s, p %(p)s)."
        ),
        FindingKind.CHURN_ROSE: _(
            "More customers left: customer churn rose by %(share_points)s percentage points "
            "against the period before (95 %% interval %(share_low)s to %(share_high)s, p %(p)s)."
        ),
        FindingKind.CHURN_FELL: _(
            "Fewer customers left: customer churn fell by %(share_points)s percentage points "
            "against the period before (95 %% interval %(share_low)s to %(share_high)s, p %(p)s)."
        ),
        FindingKind.NRR_ROSE: _(
            "NRR rose by %(share_points)s percentage points against the period before (95 %% "
            "interval %(share_low)s to %(share_high)s, p %(p)s)."
        ),
        FindingKind.NRR_FELL: _(
            "NRR fell by %(share_points)s percentage points against the period before (95 %% "
            "interval %(share_low)s to %(share_high)s, p %(p)s)."
        ),
        FindingKind.SEGMENT_ROSE: _(
            "%(subject)s: NPS rose by %(points)s points against the period before (95 %% interval "
            "%(low)s to %(high)s, p %(p)s)."
        ),
        FindingKind.SEGMENT_FELL: _(
            "%(subject)s: NPS fell by %(points)s points against the period before (95 %% interval "
            "%(low)s to %(high)s, p %(p)s)."
        ),
        FindingKind.GROUP_LEAVES_MORE: _(
            "%(group)s left %(times)s times as often as promoters within %(days)s days (95 %% "
            "interval %(low_times)s to %(high_times)s, p %(p)s)."
        ),
        FindingKind.GROUPS_DIFFER: _(
            "Promoters, passives and detractors leave at different rates (log-rank p %(p)s): "
            "within %(days)s days %(share)s of the detractors left."
        ),
    }
    said = texts[finding.kind] % _figures(finding)
    if finding.age is None:
        return said
    at_age = ngettext(
        "Answers are still coming in, so in both periods each e-mail counts for its first %(days)s "
        "day.",
        "Answers are still coming in, so in both periods each e-mail counts for its first %(days)s "
        "days.",
        finding.age,
    ) % {"days": finding.age}
    if finding.every == 1:
        return f"{said} {at_age}"
    sampled = _("Of so many e-mails those of every %(every)s. customer are followed.") % {
        "every": finding.every
    }
    return f"{said} {at_age} {sampled}"


def icon_of(finding: Finding) -> str:
    """The icon that goes with the sentence."""
    kind = finding.kind.value
    if kind.endswith("_rose"):
        return "arrow-up"
    if kind.endswith("_fell"):
        return "arrow-down"
    return "info-circle" if kind.endswith("_steady") else "exclamation-triangle"


def _figures(finding: Finding) -> dict[str, object]:
    low, high = write_limits(finding.low, finding.high)
    share_low, share_high = write_limits(finding.low * 100, finding.high * 100, digits=1)
    ratio = finding.kind is FindingKind.GROUP_LEAVES_MORE
    return {
        "subject": finding.subject,
        "group": group_label(finding.subject) if ratio else "",
        "points": write_number(abs(finding.value)),
        "signed": write_number(finding.value, sign=True),
        "low": low,
        "high": high,
        "times": write_number(finding.value, digits=1),
        "low_times": write_number(finding.low, digits=1),
        "high_times": write_number(finding.high, digits=1),
        "p": "" if finding.p_value is None else p_value_text(finding.p_value),
        "share_points": write_number(abs(finding.value) * 100, digits=1),
        "share_low": share_low,
        "share_high": share_high,
        "share": write_percent(finding.value) if abs(finding.value) <= 1 else "",
        "days": HORIZON_DAYS,
    }
