"""NPS by month, by quarter or rolling, with churn and NRR on the same axis of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext as _

from analytics.charts.drawing import Chart
from analytics.charts.trend import Timeline, nps_alt, nps_chart, rate_alt, rate_chart
from analytics.counting.customers import ChosenCustomers
from analytics.counting.segments import AnswersBySegment, answers_by_segment
from analytics.domain.answers import trends
from analytics.domain.answers.rates.response_rates import ResponseRate
from analytics.domain.answers.rates.ripeness import unripe_part
from analytics.domain.availability import is_meaningful
from analytics.domain.customers.figures import CustomerFigures, figures_of_all
from analytics.domain.customers.known import Knowledge
from analytics.domain.periods import (
    Period,
    month_label,
    month_of,
    months,
    quarter_label,
    quarter_of,
    quarters,
    so_far,
    with_months_before,
)
from analytics.domain.statistics.interval import CONFIDENCE, Change
from analytics.labels import unknown_sentences
from analytics.queries.answers.campaigns import launches
from analytics.queries.customers.money import Money, money_of
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of, share_rebuilt
from analytics.reports.report import (
    Column,
    Count,
    CountOrNone,
    Flag,
    Kind,
    Nps,
    Percent,
    Table,
    columns_of,
    dated,
    incomplete_dict,
    period_dict,
    unknown_dict,
)


class Step(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    ROLLING_3 = "rolling-3"
    ROLLING_12 = "rolling-12"

    @property
    def window(self) -> int:
        """How many parts a row covers. More than one: neighbouring rows share answers."""
        return {Step.ROLLING_3: 3, Step.ROLLING_12: 12}.get(self, 1)

    def whole(self, covered: Period) -> Period:
        """The calendar part, or the whole months, that a row of these days is called after."""
        if self is Step.QUARTER:
            return quarter_of(covered.start)
        return Period(month_of(covered.start).start, month_of(covered.last_day).end)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    period: Annotated[str, Kind.PERIOD]
    responses: Count
    promoters: Count
    passives: Count
    detractors: Count
    nps: Nps
    nps_low: Nps
    nps_high: Nps
    response_rate: Percent
    customer_churn_rate: Percent
    nrr: Percent
    # Beyond the contract.
    response_rate_low: Percent
    response_rate_high: Percent
    # Of those asked, who may still answer; None where no day of asking is given.
    still_coming_in: CountOrNone
    # Of the two months of revenue that it compares, one looks incomplete.
    looks_incomplete: Flag
    # For page and chart; files have the fields of the contract.
    reportable: bool


FIELDS = columns_of(TrendRow)
COLUMNS = (*FIELDS, Column("from", Kind.DATE), Column("to", Kind.DATE))


@dataclass(frozen=True, slots=True)
class TrendReport:
    name: ClassVar[str] = "trend"

    filters: Filters
    step: Step
    # What each row covers. Calendar parts are cut at the edges of the filters' period; a window
    # begins before it, so that the first one is as long as the last.
    periods: tuple[Period, ...]
    rows: tuple[TrendRow, ...]
    # Of the latest part against the four before it together; None where it has no sense.
    latest: Change | None
    # GRR per row is not a field of the contract: the overview draws it.
    grr: tuple[float | None, ...]
    money: Money
    # None: not about customers.
    known: Knowledge | None
    # The months of revenue that any row compares and that look incomplete.
    incomplete: tuple[dt.date, ...] = ()
    # By the label of the row whose last part has the day: the campaigns launched then.
    launches: tuple[tuple[str, str], ...] = ()
    # The share done, while a filter by segment meets values that are being refrozen.
    rebuilding: float | None = None

    @property
    def period(self) -> Period:
        return self.filters.period

    @property
    def ends(self) -> tuple[Period, ...]:
        """The last calendar part of each row: together they tile the time, windows overlap."""
        if self.step.window == 1:
            return self.periods
        return tuple(Period(month_of(each.last_day).start, each.end) for each in self.periods)

    @property
    def about_customers(self) -> bool:
        """Not where an attribute of respondents chooses the answers."""
        return self.known is not None

    @property
    def unknown(self) -> list[str]:
        return unknown_sentences(self.known, period=self.period) if self.known else []

    def is_cut(self, covered: Period, *, today: dt.date) -> bool:
        """At an edge of the period, or by the day: it is not yet as long as the others."""
        whole = self.step.whole(covered)
        return covered != whole or so_far(covered, today=today) is not None

    def unfinished(self, *, today: dt.date) -> frozenset[str]:
        return frozenset(
            row.period
            for row, covered in zip(self.rows, self.periods, strict=True)
            if self.is_cut(covered, today=today)
        )

    def course(self, figure: str, *, today: dt.date) -> tuple[float | None, ...]:
        """A figure from row to row, without the points that only seem to be a result."""
        rows = self.grr if figure == "grr" else [getattr(row, figure) for row in self.rows]
        return tuple(
            value if is_meaningful(figure, period=period, today=today) else None
            for value, period in zip(rows, self.periods, strict=True)
        )

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    def charts(self, *, today: dt.date) -> list[Chart]:
        unfinished = self.unfinished(today=today)
        timeline = Timeline([row.period for row in self.rows], self.launches, unfinished)
        nps = Chart(
            "nps",
            _("Does NPS rise or fall?"),
            draw=partial(nps_chart, self.rows, timeline=timeline),
            alt=partial(nps_alt, self.rows),
            notes=self._notes(),
        )
        rates = [
            ("response-rate", "response_rate", _("Response rate")),
            ("customer-churn", "customer_churn_rate", _("Customer churn")),
            ("nrr", "nrr", _("NRR")),
        ]
        return [
            nps,
            *(
                self._rate_chart(name, label, self.course(figure, today=today), timeline=timeline)
                for name, figure, label in rates
            ),
        ]

    def _rate_chart(
        self, name: str, label: str, rates: Sequence[float | None], *, timeline: Timeline
    ) -> Chart:
        return Chart(
            name,
            label,
            draw=partial(
                rate_chart, rates, label=label, timeline=timeline, from_zero=name != "nrr"
            ),
            alt=partial(rate_alt, rates, label=label, timeline=timeline),
            notes=self._notes(),
        )

    def _notes(self) -> list[str]:
        months = self.step.window
        if months == 1:
            return []
        text = _(
            "Each point covers the %(months)s months that end with it: neighbours share answers."
        )
        return [text % {"months": months}]

    def tables(self) -> list[Table]:
        rows = [list(row.values()) for row in self.row_dicts()]
        return [Table(self.name, COLUMNS, rows)]

    def row_dicts(self) -> list[dict[str, Any]]:
        """The fields of the contract, and after them the days: a row may be cut at an edge."""
        return [
            {each.name: getattr(row, each.name) for each in FIELDS} | period_dict(period)
            for row, period in zip(self.rows, self.periods, strict=True)
        ]

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": period_dict(self.period),
            "by": self.step.value,
            "confidence": CONFIDENCE,
            "rows": self.row_dicts(),
            **self.money.as_dict(),
            **unknown_dict(self.unknown),
            **incomplete_dict(self.incomplete),
            **({} if self.rebuilding is None else {"rebuilding": self.rebuilding}),
        }


@one_snapshot()
def trend_report(filters: Filters, *, step: Step) -> TrendReport:
    """Counted by calendar parts; a window is the sum of its parts.

    Customers and revenue are counted over each window as a whole: the churn of three months is
    not the sum of three months' churn.
    """
    scope = scope_of(filters)
    span = with_months_before(filters.period, months=step.window - 1)
    parts = quarters(span) if step is Step.QUARTER else months(span)
    answers = answers_by_segment(scope, periods=[span])
    by_part = answers.by_part(parts)
    counted = trends.trend(by_part, parts=parts, window=step.window)
    periods = tuple(row.period for row in counted)
    rates = answers.asked_by_part(parts).windows(step.window)
    coming_in = _still_coming_in(answers, periods, today=filters.today)
    frames = ChosenCustomers(scope, periods=periods) if scope.about_customers else None
    customers = _customers(frames, periods=periods)
    incomplete = [frames.incomplete_months(each) if frames else () for each in periods]
    label = quarter_label if step is Step.QUARTER else _label_of_end
    rows = tuple(
        _row(
            label(row.period),
            counted=row,
            asked=rate,
            coming_in=waiting,
            customers=each,
            incomplete=bool(months),
        )
        for row, rate, waiting, each, months in zip(
            counted, rates, coming_in, customers, incomplete, strict=True
        )
    )
    grr = tuple(each.moved.grr if each and each.moved else None for each in customers)
    report = TrendReport(
        filters,
        step,
        periods,
        rows,
        latest=trends.latest_change(by_part) if step.window == 1 else None,
        grr=grr,
        money=money_of(filters.period),
        known=frames.known if frames else None,
        incomplete=tuple(sorted({month for found in incomplete for month in found})),
        rebuilding=share_rebuilt(filters),
    )
    return replace(report, launches=_launches(report))


def _launches(report: TrendReport) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row.period, name)
        for day, name in launches(report.period)
        for row, part in zip(report.rows, report.ends, strict=True)
        if day in part
    )


def _label_of_end(period: Period) -> str:
    """A window is named by the month that it ends with."""
    return month_label(month_of(period.last_day))


def _customers(
    frames: ChosenCustomers | None, *, periods: Sequence[Period]
) -> list[CustomerFigures | None]:
    if frames is None:
        return [None] * len(periods)
    # Whoever asks for fifty years does not wait for those before the first customer.
    return [
        figures_of_all(frames.on(period), without=frames.without(period))
        if frames.has_begun(period)
        else frames.without(period)
        for period in periods
    ]


def _still_coming_in(
    answers: AnswersBySegment, periods: Sequence[Period], *, today: dt.date | None
) -> list[int | None]:
    """Of the last days, by row: those that have not had their time to be answered."""
    if today is None:
        return [None] * len(periods)
    parts = [unripe_part(each, today=today) for each in periods]
    # Windows share days: each is counted on its own, and few are young enough.
    return [sum(answers.asked(each).mailed()) if each else 0 for each in parts]


def _row(
    period: str,
    *,
    counted: trends.TrendRow,
    asked: ResponseRate,
    coming_in: int | None,
    customers: CustomerFigures | None,
    incomplete: bool,
) -> TrendRow:
    rate_low, rate_high = asked.limits or (None, None)
    sample, interval = counted.sample, counted.interval
    counts = sample.counts
    return TrendRow(
        period=period,
        responses=counts.responses,
        promoters=counts.promoters,
        passives=counts.passives,
        detractors=counts.detractors,
        nps=counted.nps,
        nps_low=interval.low if interval else None,
        nps_high=interval.high if interval else None,
        response_rate=asked.rate,
        response_rate_low=rate_low,
        response_rate_high=rate_high,
        still_coming_in=coming_in,
        looks_incomplete=incomplete,
        customer_churn_rate=customers.churn.churn_rate if customers else None,
        nrr=customers.moved.nrr if customers and customers.moved else None,
        reportable=sample.reportable,
    )
