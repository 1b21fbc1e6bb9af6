"""What can be said in a sentence, each of them backed by its test.

The change of the total NPS is the one question of the page and stands alone. Everything else that
the page tests is corrected together by Benjamini-Hochberg: other figures, segments, outcomes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from accounts.domain.targets import Metric
from accounts.models import Dimension
from analytics.domain.answers.rates.response_rates import AskedGroups
from analytics.domain.customers.follow_up import MIN_CHURNED, PROMOTER
from analytics.domain.customers.outcomes import OutcomeRow, Outcomes
from analytics.domain.findings import FindingKind
from analytics.domain.statistics.interval import CONFIDENCE, Change, quantile, two_sided_p_value
from analytics.domain.statistics.multiplicity import benjamini_hochberg
from analytics.domain.statistics.proportions import Share, change_of_rate
from analytics.domain.statistics.ratios import Ratio, change_of_ratio
from analytics.queries.dimensions import best_dimensions, known_dimensions
from analytics.queries.filters import Filters
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.answers.segments import SegmentReport, segment_report
from surveys.domain.answers.scoring import Category

DIMENSIONS_TESTED = 3
ROSE_AND_FELL = {
    Metric.NPS: (FindingKind.NPS_ROSE, FindingKind.NPS_FELL),
    Metric.RESPONSE_RATE: (FindingKind.RESPONSE_RATE_ROSE, FindingKind.RESPONSE_RATE_FELL),
    Metric.CUSTOMER_CHURN_RATE: (FindingKind.CHURN_ROSE, FindingKind.CHURN_FELL),
    Metric.NRR: (FindingKind.NRR_ROSE, FindingKind.NRR_FELL),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence with the figures and the test that stand behind it."""

    kind: FindingKind
    subject: str
    value: float
    low: float
    high: float
    p_value: float | None
    # Of the e-mails, in days, at which a response rate is compared; None: all had their time.
    age: int | None = None
    # Of so many customers one is followed to it.
    every: int = 1


class Rates(NamedTuple):
    """What is counted besides answers, in one period."""

    responses: AskedGroups
    churn: Share
    nrr: Ratio | None
    grr: Ratio | None
    # Customers with MRR at start.
    paying: int = 0


class Tested(NamedTuple):
    """What would be said if its test holds."""

    kind: FindingKind
    subject: str
    change: Change
    age: int | None = None
    every: int = 1


def total_finding(total: SegmentRow) -> list[Finding]:
    if total.change_significant is None or total.nps_change is None:
        return []
    kind = _rose_or_fell(Metric.NPS, total.nps_change)
    if not total.change_significant:
        kind = FindingKind.NPS_STEADY
    low, high = total.change_low or 0.0, total.change_high or 0.0
    return [Finding(kind, "", total.nps_change, low, high, total.change_p_value)]


def findings_of(tested: Sequence[Tested]) -> list[Finding]:
    """Those whose test holds after the correction for all of them."""
    significant = benjamini_hochberg([each.change.p_value for each in tested]).significant
    return [
        Finding(each.kind, each.subject, *each.change, age=each.age, every=each.every)
        for each, holds in zip(tested, significant, strict=True)
        if holds
    ]


def rate_changes(now: Rates, *, before: Rates) -> list[Tested]:
    """Tests of the figures beside NPS; those that stand on too few are not made."""
    changes: dict[Metric, Change | None] = {}
    enough = now.churn.part + before.churn.part >= MIN_CHURNED
    if enough and now.churn.reportable and before.churn.reportable:
        changes[Metric.CUSTOMER_CHURN_RATE] = change_of_rate(now.churn, compared=before.churn)
    changes[Metric.NRR] = change_of_ratio(now.nrr, compared=before.nrr)
    return [
        Tested(_rose_or_fell(metric, found.difference), "", found)
        for metric, found in changes.items()
        if found is not None
    ]


def changed_responses(
    found: Change | None, *, age: int | None = None, every: int = 1
) -> list[Tested]:
    if found is None:
        return []
    kind = _rose_or_fell(Metric.RESPONSE_RATE, found.difference)
    return [Tested(kind, "", found, age, every)]


def segment_changes(filters: Filters) -> list[Tested]:
    """Every pair that could be tested, not only those that stand out: the correction counts all."""
    known = [each for each in known_dimensions() if each.source == Dimension.Source.CUSTOMER]
    dimensions = best_dimensions(known)[:DIMENSIONS_TESTED]
    found: list[Tested] = []
    for dimension in dimensions:
        # Of their NPS alone: who may still answer is not asked for each.
        report: SegmentReport = segment_report(replace(filters, by=(dimension.name,), today=None))
        found += [
            _tested_row(row, subject=f"{dimension}: {row.label}")
            for row in report.rows
            # Of those whose value is not known there is nothing to say.
            if row.change_significant is not None and any(row.segment.values())
        ]
    return sorted(found, key=lambda each: -abs(each.change.difference))


def _tested_row(row: SegmentRow, *, subject: str) -> Tested:
    change = Change(
        row.nps_change or 0.0,
        row.change_low or 0.0,
        row.change_high or 0.0,
        1.0 if row.change_p_value is None else row.change_p_value,
    )
    rose = change.difference > 0
    return Tested(FindingKind.SEGMENT_ROSE if rose else FindingKind.SEGMENT_FELL, subject, change)


def outcome_differences(outcomes: Outcomes) -> list[Tested]:
    """Groups that leave more often than promoters.

    Where too few promoters left for a ratio, the log-rank test speaks for all groups at once.
    """
    ratios = [each for each in map(_tested_ratio, outcomes.rows) if each is not None]
    p_value, row = outcomes.log_rank_p_value, outcomes.row(str(Category.DETRACTOR))
    if ratios or p_value is None or row.churn_rate is None:
        return ratios
    low, high = row.churn_low or 0.0, row.churn_high or 1.0
    change = Change(row.churn_rate, low, high, p_value)
    return [Tested(FindingKind.GROUPS_DIFFER, row.group, change)]


def _tested_ratio(row: OutcomeRow) -> Tested | None:
    """The p value that belongs to the interval of the ratio's logarithm."""
    ratio, low, high = row.relative_risk, row.rr_low, row.rr_high
    if row.group == PROMOTER or ratio is None or low is None or high is None:
        return None
    error = math.log(high / low) / (2 * quantile(CONFIDENCE))
    # To leave less often than promoters is no finding, but it was tested.
    p_value = two_sided_p_value(math.log(ratio) / error) if ratio > 1 else 1.0
    return Tested(FindingKind.GROUP_LEAVES_MORE, row.group, Change(ratio, low, high, p_value))


def _rose_or_fell(metric: Metric, difference: float) -> FindingKind:
    rose, fell = ROSE_AND_FELL[metric]
    return rose if difference > 0 else fell
