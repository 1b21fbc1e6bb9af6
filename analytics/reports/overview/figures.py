"""The few numbers that matter, and what can be said of them in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.domain.targets import Metric
from analytics.counting.customers import ChosenCustomers
from analytics.domain.answers.ripeness import ripe_part
from analytics.domain.periods import Period, last_12_months
from analytics.domain.statistics.interval import Interval
from analytics.domain.statistics.proportions import Share, wilson_interval
from analytics.domain.statistics.ratios import ratio_of
from analytics.queries.answers.campaigns import imported_asked
from analytics.queries.answers.ripeness import count_unripe, read_sent
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Compare, Filters, scope_of
from analytics.reports.intents import IntentReport, intent_report
from analytics.reports.outcomes import outcome_report
from analytics.reports.overview.findings import (
    Finding,
    Rates,
    Tested,
    findings_of,
    outcome_differences,
    rate_changes,
    response_change,
    response_change_at_equal_age,
    segment_changes,
    total_finding,
)
from analytics.reports.segment_rows import SegmentRow
from analytics.reports.segments import segment_report
from analytics.reports.trend import Step, TrendReport, trend_report
from surveys.domain.answers.scoring import DETRACTOR_MAX
from surveys.models import Response

COMMENTS = 5
HORIZON_DAYS = 180
# E-mails of a year whose time to the answer is read one by one.
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
    filters = Filters(last_12_months(today), compare=Compare.PREVIOUS)
    segments = segment_report(filters)
    total = segments.total
    trend = trend_report(Filters(filters.period), step=Step.MONTH)
    now = _rates(filters.period, total=total)
    before = _earlier_rates(filters.period.previous())
    unripe = count_unripe(filters, today=today)
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
    """What is still coming in is compared at an equal age, or, of very many e-mails, left out."""
    if not unripe or not (now.responses.reportable and before.responses.reportable):
        return response_change(now.responses, before=before.responses)
    period = filters.period
    if max(now.responses.whole, before.responses.whole) <= MOST_FOLLOWED:
        earlier = read_sent(period.previous(), today=today)
        return response_change_at_equal_age(read_sent(period, today=today), before=earlier)
    ripe = ripe_part(period, today=today)
    if ripe is None:
        return []
    asked = _responses(ripe, total=segment_report(Filters(ripe)).total)
    return response_change(asked, before=before.responses)


def _outcome_differences(period: Period, *, today: dt.date) -> list[Tested]:
    window = Period(period.year_earlier().start, period.end)
    report = outcome_report(window, horizon_days=HORIZON_DAYS, today=today)
    return outcome_differences(report.outcomes)


def _rates(period: Period, *, total: SegmentRow) -> Rates:
    """Of churn and revenue only as far as nearly all of the period is known."""
    customers = ChosenCustomers(scope_of(Filters(period)), periods=[period])
    rows = customers.on(period)
    # Where no import tells what became of revenue, nothing is known of its ratios.
    rows = rows.dropna(subset=["start", "kept", "expansion"])
    churn = customers.known.covers_churn(period)
    revenue = customers.known.covers_revenue(period)
    return Rates(
        _responses(period, total=total),
        Share(total.customers_churned or 0, (total.customers_at_start or 0) if churn else 0),
        ratio_of(rows["kept"] + rows["expansion"], wholes=rows["start"]) if revenue else None,
        ratio_of(rows["kept"], wholes=rows["start"]) if revenue else None,
    )


def _responses(period: Period, *, total: SegmentRow) -> Share:
    """Not where history was imported: it tells who answered, but not whom it asked in vain."""
    if imported_asked(period):
        return Share(0, 0)
    return Share(round((total.response_rate or 0.0) * total.invited), total.invited)


def _earlier_rates(period: Period) -> Rates:
    return _rates(period, total=segment_report(Filters(period)).total)


def _figures(
    total: SegmentRow, *, now: Rates, trend: TrendReport, unripe: int, today: dt.date
) -> tuple[Figure, ...]:
    answered = tuple(row.nps if row.reportable else None for row in trend.rows)
    intervals = {
        Metric.NPS: _nps_interval(total),
        Metric.RESPONSE_RATE: wilson_interval(now.responses) if now.responses.reportable else None,
        Metric.CUSTOMER_CHURN_RATE: wilson_interval(now.churn) if now.churn.reportable else None,
        Metric.NRR: now.nrr.interval() if now.nrr else None,
        Metric.GRR: now.grr.share_interval() if now.grr else None,
    }
    imported = imported_asked(trend.period)
    values = {metric: getattr(total, metric.value) for metric in intervals}
    if imported >= total.invited:
        values[Metric.RESPONSE_RATE] = None
    in_part = _known_in_part(trend, imported=imported)
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


def _known_in_part(trend: TrendReport, *, imported: int) -> set[Metric]:
    found = {Metric.RESPONSE_RATE} if imported else set()
    if trend.known and not trend.known.covers_churn(trend.period):
        found.add(Metric.CUSTOMER_CHURN_RATE)
    if trend.known and not trend.known.covers_revenue(trend.period):
        found |= {Metric.NRR, Metric.GRR}
    return found


def _nps_interval(total: SegmentRow) -> Interval | None:
    if not total.reportable or total.nps_low is None or total.nps_high is None:
        return None
    return Interval(total.nps_low, total.nps_high)


def latest_comments() -> Sequence[Response]:
    rows = Response.objects.counted().filter(score__lte=DETRACTOR_MAX).exclude(comment="")
    rows = rows.select_related("invitation__respondent__customer", "invitation__campaign")
    return list(rows.order_by("-answered_at", "-pk")[:COMMENTS])
