"""The few numbers that matter, and what can be said of them in a sentence."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.domain.targets import Metric
from analytics.counting.customers import ChosenCustomers
from analytics.domain.answers.rates.response_rates import response_change
from analytics.domain.answers.rates.ripeness import change_at_equal_age
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import Interval
from analytics.domain.statistics.proportions import Share, wilson_interval
from analytics.domain.statistics.ratios import ratio_of
from analytics.queries.answers.ripeness import read_sent
from analytics.queries.answers.satisfaction import asks_satisfaction
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of
from analytics.reports.answers.csat import CsatReport, csat_report
from analytics.reports.answers.intents import IntentReport, intent_report
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.answers.segments import SegmentReport, segment_report
from analytics.reports.answers.trend import Step, TrendReport, trend_report
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
from surveys.domain.answers.scoring import MIN_RESPONSES, Category
from surveys.models import Response
from surveys.queries.answers.responses import ResponseFilter, responses

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
    # Stands on too little to be read as a result: shown grey.
    too_small: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    filters: Filters
    total: SegmentRow
    trend: TrendReport
    csat: CsatReport
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    with_intents: IntentReport
    revenue_months: tuple[dt.date, dt.date]
    # Of the e-mails sent in the period, those that may still be answered.
    unripe: int

    @property
    def period(self) -> Period:
        return self.filters.period

    @property
    def about_customers(self) -> bool:
        """Not where the answers are chosen by what customers have not."""
        return self.trend.about_customers

    @property
    def finds_outcomes(self) -> bool:
        return finds_outcomes(self.filters)


@one_snapshot()
def overview_report(filters: Filters, *, today: dt.date) -> Overview:
    """Every figure of those that the filters let through; what they cannot choose is unknown."""
    filters = replace(filters, only_filtered=True, today=today)
    segments = segment_report(filters)
    total = segments.total
    trend = trend_report(replace(filters, compare=None), step=Step.MONTH)
    csat = csat_report(filters, target=None)
    now = _rates(filters, report=segments)
    before = _earlier_rates(_earlier(filters))
    unripe = total.still_coming_in or 0
    tested = [
        *_response_change(now, before=before, filters=filters, unripe=unripe, today=today),
        *rate_changes(now, before=before),
        *segment_changes(filters),
        *_outcome_differences(filters, today=today),
    ]
    findings = (*total_finding(total), *findings_of(tested))
    return Overview(
        filters,
        total,
        trend,
        csat,
        (
            *_figures(total, now=now, trend=trend, unripe=unripe, today=today),
            *([_csat_figure(csat)] if asks_satisfaction() else []),
        ),
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
    asked = (filters, _earlier(filters))
    sent, compared = (read_sent(each, today=today, every=every) for each in asked)
    found = change_at_equal_age(sent, compared=compared)
    return [] if found is None else changed_responses(found.change, age=found.age, every=every)


def _earlier(filters: Filters) -> Filters:
    """The same question of the period that it is compared with."""
    earlier = filters.compared or filters.period.previous()
    return replace(filters, period=earlier, compare=None, same_days=None)


def finds_outcomes(filters: Filters) -> bool:
    """What became of customers is followed for all of them, not by campaign or segment."""
    return not (filters.chooses_answers or filters.where)


def _outcome_differences(filters: Filters, *, today: dt.date) -> list[Tested]:
    if not finds_outcomes(filters):
        return []
    period = filters.period
    window = Period(period.year_earlier().start, period.end)
    report = outcome_report(window, horizon_days=HORIZON_DAYS, today=today, owner=filters.owner)
    return outcome_differences(report.outcomes)


def _rates(filters: Filters, *, report: SegmentReport) -> Rates:
    """Of churn and revenue only as far as nearly all of the period is known."""
    scope, total, period = scope_of(filters), report.total, filters.period
    if not scope.about_customers:
        return Rates(report.asked, Share(0, 0), None, None)
    customers = ChosenCustomers(scope, periods=[period])
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
        int((rows["start"] > 0).sum()),
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
    small = _too_small(total, now=now)
    return tuple(
        Figure(
            metric,
            values[metric],
            interval,
            answered if metric is Metric.NPS else trend.course(metric.value, today=today),
            still_coming_in=metric is Metric.RESPONSE_RATE and unripe > 0,
            known_in_part=metric in in_part and values[metric] is not None,
            too_small=metric in small and values[metric] is not None,
        )
        for metric, interval in intervals.items()
    )


def _csat_figure(csat: CsatReport) -> Figure:
    total = csat.total
    known = total.reportable and total.low is not None and total.high is not None
    return Figure(
        Metric.CSAT,
        total.value,
        Interval(total.low or 0.0, total.high or 0.0) if known else None,
        tuple(each.value if each.reportable else None for each in csat.trend),
        too_small=total.value is not None and not total.reportable,
    )


def _too_small(total: SegmentRow, *, now: Rates) -> set[Metric]:
    """As the pages of each metric have it: 10 of whatever it counts."""
    enough = {
        Metric.NPS: total.reportable,
        Metric.RESPONSE_RATE: total.invited >= MIN_RESPONSES,
        Metric.CUSTOMER_CHURN_RATE: now.churn.reportable,
        Metric.NRR: now.paying >= MIN_RESPONSES,
        Metric.GRR: now.paying >= MIN_RESPONSES,
    }
    return {metric for metric, holds in enough.items() if not holds}


def _nps_interval(total: SegmentRow) -> Interval | None:
    if not total.reportable or total.nps_low is None or total.nps_high is None:
        return None
    return Interval(total.nps_low, total.nps_high)


def latest_comments(filters: Filters) -> Sequence[Response]:
    """Of the detractors that the filters let through."""
    wanted = ResponseFilter(
        category=str(Category.DETRACTOR),
        campaign=filters.campaign,
        language=filters.language,
        has_comment=True,
        from_=filters.period.start,
        to=filters.period.last_day,
        owner=filters.owner,
        segments=filters.where,
    )
    return list(responses(wanted).order_by("-answered_at", "-pk")[:COMMENTS])
