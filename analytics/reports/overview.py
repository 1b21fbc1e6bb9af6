"""The few numbers that matter, and what can be said of them in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from accounts.models import Dimension
from analytics.domain.multiplicity import FALSE_DISCOVERY_RATE
from analytics.domain.outcomes import PROMOTER, Outcomes
from analytics.domain.periods import last_12_months
from analytics.filters import Compare, Filters
from analytics.queries.moment import one_moment
from analytics.reports.outcomes import outcome_report
from analytics.reports.segments import SegmentReport, SegmentRow, segment_report
from analytics.reports.trend import Step, TrendReport, trend_report
from surveys.domain.scoring import DETRACTOR_MAX, Category
from surveys.models import Response

DIMENSIONS_LOOKED_AT = 3
COMMENTS = 5
HORIZON_DAYS = 180


class FindingKind(StrEnum):
    NPS_ROSE = "nps_rose"
    NPS_FELL = "nps_fell"
    NPS_STEADY = "nps_steady"
    SEGMENT_ROSE = "segment_rose"
    SEGMENT_FELL = "segment_fell"
    GROUP_LEAVES_MORE = "group_leaves_more"
    GROUPS_DIFFER = "groups_differ"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence with the figures and the test that stand behind it."""

    kind: FindingKind
    subject: str
    value: float
    low: float
    high: float
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    filters: Filters
    total: SegmentRow
    trend: TrendReport
    findings: tuple[Finding, ...]
    comments: Sequence[Response]


@one_moment()
def overview_report(*, today: dt.date) -> Overview:
    filters = Filters(last_12_months(today), compare=Compare.PREVIOUS)
    total = segment_report(filters).total
    trend = trend_report(Filters(filters.period), step=Step.MONTH)
    findings = [
        *_total_findings(total),
        *_segment_findings(filters),
        *_outcome_findings(filters, today=today),
    ]
    return Overview(filters, total, trend, tuple(findings), _latest_comments())


def _total_findings(total: SegmentRow) -> list[Finding]:
    if total.change_significant is None:
        return []
    steady = not total.change_significant
    return [_finding(total, subject="", steady=steady, of_segment=False)]


def _segment_findings(filters: Filters) -> list[Finding]:
    dimensions = Dimension.objects.filter(source=Dimension.Source.CUSTOMER)[:DIMENSIONS_LOOKED_AT]
    found: list[Finding] = []
    for dimension in dimensions:
        report: SegmentReport = segment_report(replace(filters, by=(dimension.name,)))
        found += [
            _finding(row, subject=f"{dimension}: {row.label}", steady=False, of_segment=True)
            for row in report.rows
            # Of those whose value is not known there is nothing to say.
            if row.change_significant and any(row.segment.values())
        ]
    return sorted(found, key=lambda each: -abs(each.value))


def _finding(row: SegmentRow, *, subject: str, steady: bool, of_segment: bool) -> Finding:
    rose = (row.nps_change or 0.0) > 0
    kind = FindingKind.NPS_ROSE if rose else FindingKind.NPS_FELL
    if of_segment:
        kind = FindingKind.SEGMENT_ROSE if rose else FindingKind.SEGMENT_FELL
    difference, low, high = row.nps_change or 0.0, row.change_low or 0.0, row.change_high or 0.0
    kind = FindingKind.NPS_STEADY if steady else kind
    return Finding(kind, subject, difference, low, high, row.change_p_value)


def _outcome_findings(filters: Filters, *, today: dt.date) -> list[Finding]:
    """Groups whose risk to leave differs from the promoters' beyond chance."""
    window = replace(filters.period, start=filters.period.year_earlier().start)
    report = outcome_report(window, horizon_days=HORIZON_DAYS, today=today)
    found = [
        Finding(
            FindingKind.GROUP_LEAVES_MORE,
            row.group,
            row.relative_risk,
            row.rr_low,
            row.rr_high,
            report.outcomes.log_rank_p_value,
        )
        for row in report.rows
        if row.group != PROMOTER
        and row.relative_risk is not None
        and row.rr_low is not None
        and row.rr_high is not None
        and row.rr_low > 1
    ]
    return found or _difference_of_groups(report.outcomes)


def _difference_of_groups(outcomes: Outcomes) -> list[Finding]:
    """Where too few promoters left for a ratio, the log-rank test may speak all the same."""
    p_value, row = outcomes.log_rank_p_value, outcomes.row(str(Category.DETRACTOR))
    if p_value is None or p_value > FALSE_DISCOVERY_RATE or row.churn_rate is None:
        return []
    low, high = row.churn_low or 0.0, row.churn_high or 1.0
    return [Finding(FindingKind.GROUPS_DIFFER, row.group, row.churn_rate, low, high, p_value)]


def _latest_comments() -> Sequence[Response]:
    rows = Response.objects.counted().filter(score__lte=DETRACTOR_MAX).exclude(comment="")
    rows = rows.select_related("invitation__respondent__customer", "invitation__campaign")
    return list(rows.order_by("-answered_at", "-pk")[:COMMENTS])
