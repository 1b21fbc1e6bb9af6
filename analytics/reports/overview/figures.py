"""The few numbers that matter, and what can be said of them in a sentence."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.domain.targets import Metric
from analytics.counting.customers import ChosenCustomers
from analytics.domain.answers.response_rates import response_change
from analytics.domain.answers.ripeness import change_at_equal_age
from analytics.domain.periods import Period, last_12_months
from analytics.domain.statistics.interval import Interval
from analytics.domain.statistics.proportions import Share, wilson_interval
from analytics.domain.statistics.ratios import ratio_of
from analytics.queries.answers.ripeness import read_sent
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Compare, Filters, scope_of
from analytics.reports.intents import IntentReport, intent_report
from analytics.reports.outcomes import outcome_report
from analytics.reports.overview.findings import (
    Finding,
    Rates,
    Tested,
    changed_responses,
    findings_of,
    outcome_differences,
    rate_changes,
    segment_changes,
    total_finding,
)
from analytics.reports.segment_rows import SegmentRow
from analytics.reports.segments import SegmentReport, segment_report
from analytics.reports.trend import Step, TrendReport, trend_report
from surveys.domain.answers.scoring import DETRACTOR_MAX
from surveys.models import Response

COMMENTS = 5
HORIZON_DAYS = 180
# E-mails of a period whose time to the answer is read one by one; of more, those of some customers.
MOST_FOLLOWED = 100_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the overview with what chance leaves open, and its course by month."""

    metric: Metric
    value: float | None
    interval: Interval | None
    course: tuple[float | None, ...]
    # Nobody has told of some of its days: it stands, but is neither judged nor compared.
    known_in_part: bool = False
    still_coming_in: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    filters: Filters
    total: SegmentRow
    trend: TrendReport
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    with_intents: IntentReport
    revenue_months: tuple[dt.date, dt.date]
    # Of the e-mails sent in the period, those that may still be answered.
    unripe: int

    @property
    def period(self) -> Period:
        return self.filters.period


@one_snapshot()
def overview_report(*, today: dt.date) -> Overview:
    filters = Filters(last_12_months(today), compare=Compare.PREVIOUS, today=today)
    segments = segment_report(filters)
    total = segments.total
    trend = trend_report(Filters(filters.period, today=today), step=Step.MONTH)
    now = _rates(Filters(filters.period, today=today), report=segments)
    before = _earlier_rates(Filters(filters.period.previous(), today=today))
    unripe = total.still_coming_in or 0
    tested = [
        *_response_change(now, before=before, filters=filters, unripe=unripe, today=today),
        *rate_changes(now, before=before),
        *segment_changes(filters),
        *_outcome_differences(filters.period, today=today),
    ]
    findings = (*total_finding(total), *findings_of(tested))
    return Overview(
        filters,
        total,
        trend,
        _figures(total, now=now, trend=trend, unripe=unripe, today=today),
        findings,
        intent_report(filters, total=total),
        segments.revenue_months,
        unripe,
    )


def _response_change(
    now: Rates, *, before: Rates, filters: Filters, unripe: int, today: dt.date
) -> list[Tested]:
    """What is still coming in is compared at an equal age of the e-mails."""
    if not unripe:
        return changed_responses(response_change(now.responses, compared=before.responses))
    [current], [earlier] = now.responses.rates(), before.responses.rates()
    if not (current.comparable and earlier.comparable):
        return []
    # Of very many e-mails every so many-th customer is followed: they are a sample of customers.
    every = math.ceil(max(current.invited, earlier.invited) / MOST_FOLLOWED)
    periods = (filters.period, filters.period.previous())
    sent, compared = (read_sent(each, today=today, every=every) for each in periods)
    found = change_at_equal_age(sent, compared=compared)
    return [] if found is None else changed_responses(found.change, age=found.age, every=every)


def _outcome_differences(period: Period, *, today: dt.date) -> list[Tested]:
    window = Period(period.year_earlier().start, period.end)
    report = outcome_report(window, horizon_days=HORIZON_DAYS, today=today)
    return outcome_differences(report.outcomes)


def _rates(filters: Filters, *, report: SegmentReport) -> Rates:
    """Of churn and revenue only as far as nearly all of the period is known."""
    total, period = report.total, filters.period
    customers = ChosenCustomers(scope_of(filters), periods=[period])
    rows = customers.on(period)
    # Where no import tells what became of revenue, nothing is known of its ratios.
    rows = rows.dropna(subset=["start", "kept", "expansion"])
    churn = customers.known.churn_in(period)
    revenue = customers.known.covers_revenue(period)
    return Rates(
        report.asked,
        Share(total.customers_churned or 0, (total.customers_at_start or 0) if churn else 0),
        ratio_of(rows["kept"] + rows["expansion"], wholes=rows["start"]) if revenue else None,
        ratio_of(rows["kept"], wholes=rows["start"]) if revenue else None,
    )


def _earlier_rates(filters: Filters) -> Rates:
    return _rates(filters, report=segment_report(filters))


def _figures(
    total: SegmentRow, *, now: Rates, trend: TrendReport, unripe: int, today: dt.date
) -> tuple[Figure, ...]:
    answered = tuple(row.nps if row.reportable else None for row in trend.rows)
    [rate] = now.responses.rates()
    intervals = {
        Metric.NPS: _nps_interval(total),
        Metric.RESPONSE_RATE: rate.limits if rate.comparable else None,
        Metric.CUSTOMER_CHURN_RATE: wilson_interval(now.churn) if now.churn.reportable else None,
        Metric.NRR: now.nrr.interval() if now.nrr else None,
        Metric.GRR: now.grr.share_interval() if now.grr else None,
    }
    values = {metric: getattr(total, metric.value) for metric in intervals}
    in_part = {Metric.RESPONSE_RATE} if rate.imported else set()
    return tuple(
        Figure(
            metric,
            values[metric],
            interval,
            answered if metric is Metric.NPS else trend.course(metric.value, today=today),
            still_coming_in=metric is Metric.RESPONSE_RATE and unripe > 0,
            known_in_part=metric in in_part and values[metric] is not None,
        )
        for metric, interval in intervals.items()
    )


def _nps_interval(total: SegmentRow) -> Interval | None:
    if not total.reportable or total.nps_low is None or total.nps_high is None:
        return None
    return Interval(total.nps_low, total.nps_high)


def latest_comments() -> Sequence[Response]:
    rows = Response.objects.counted().filter(score__lte=DETRACTOR_MAX).exclude(comment="")
    rows = rows.select_related("invitation__respondent__customer", "invitation__campaign")
    return list(rows.order_by("-answered_at", "-pk")[:COMMENTS])
