"""NPS per segment beside churn, retention, GRR and NRR."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from analytics.charts.drawing import Chart
from analytics.charts.segments import scatter_alt, scatter_chart
from analytics.counting.customers import ChosenCustomers
from analytics.counting.segments import AnswersBySegment, answers_by_segment
from analytics.domain.answers.rates.response_rates import AskedGroups, ResponseRate
from analytics.domain.answers.rates.ripeness import unripe_part
from analytics.domain.answers.samples import GroupedAnswers
from analytics.domain.customers.figures import CustomerFigures, figures_by_segment, figures_of_all
from analytics.domain.customers.known import Knowledge
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import CONFIDENCE
from analytics.domain.statistics.nps.intervals import Other, Sample
from analytics.labels import unknown_sentences
from analytics.queries.answers.profiles import segment_order
from analytics.queries.customers.money import Money, money_of
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, Scope, scope_of, share_rebuilt
from analytics.reports.answers.segment_rows import (
    COLUMNS,
    Answered,
    SegmentRow,
    customer_fields,
    segment_row,
    with_statistics,
)
from analytics.reports.report import (
    Column,
    Kind,
    Table,
    dated,
    incomplete_dict,
    month_names,
    period_dict,
    unknown_dict,
    values_of,
)


@dataclass(frozen=True, slots=True)
class SegmentReport:
    name: ClassVar[str] = "segments"

    filters: Filters
    rows: tuple[SegmentRow, ...]
    total: SegmentRow
    # The first and the last month-end that the figures of revenue compare.
    revenue_months: tuple[dt.date, dt.date]
    money: Money
    known: Knowledge
    # All who were asked, for tests of their response rate.
    asked: AskedGroups = field(compare=False)
    # The months of revenue that it compares and that look incomplete.
    incomplete: tuple[dt.date, ...] = ()
    # How much of the past is refrozen, while that is under way; None: the figures are whole.
    rebuilding: float | None = None

    @property
    def period(self) -> Period:
        return self.filters.period

    @property
    def unknown(self) -> list[str]:
        if not self.about_customers:
            return []
        return unknown_sentences(self.known, period=self.period)

    @property
    def file_name(self) -> str:
        as_of = f"-as-of-{self.filters.as_of}" if self.filters.as_of else ""
        return dated(self.name, self.period) + as_of

    @property
    def about_customers(self) -> bool:
        """Not where an attribute of respondents splits or chooses the answers."""
        return self.total.customers_at_start is not None

    @property
    def plottable(self) -> list[SegmentRow]:
        """Those that can be told from chance, and of whose customers something is known."""
        return [row for row in self.rows if row.reportable and row.customer_churn_rate is not None]

    def charts(self, *, today: dt.date) -> list[Chart]:
        return [
            Chart(
                "nps-and-churn",
                _("Do segments with a low NPS lose more customers?"),
                draw=partial(scatter_chart, self.plottable),
                alt=partial(scatter_alt, self.plottable),
                notes=self._notes(),
            )
        ]

    def _notes(self) -> list[str]:
        if not (self.about_customers and self.filters.chooses_answers):
            return []
        return [
            _(
                "Customer churn and MRR are those of all customers of the segment, whatever the "
                "language or campaign."
            )
        ]

    def tables(self) -> list[Table]:
        columns = [*(Column(name, Kind.DIMENSION) for name in self.filters.by), *COLUMNS]
        rows = [self._cells(row) for row in (*self.rows, self.total)]
        if as_of := self.filters.as_of:
            # A row taken out of the file must still say what it is.
            columns.append(Column("segments_as_of", Kind.DATE))
            rows = [[*row, as_of.isoformat()] for row in rows]
        if self.incomplete:
            columns.append(Column("looks_incomplete"))
            rows = [[*row, " ".join(month_names(self.incomplete))] for row in rows]
        return [Table(self.name, columns, rows[:-1], rows[-1])]

    def _cells(self, row: SegmentRow) -> list[Any]:
        segment = [row.segment.get(name, "") for name in self.filters.by]
        return [*segment, *values_of(row, COLUMNS)]

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": period_dict(self.period),
            "by": list(self.filters.by),
            "confidence": CONFIDENCE,
            "rows": [asdict(row) for row in self.rows],
            "total": asdict(self.total),
            # Beyond the contract: where both are the same, revenue is compared with itself.
            "revenue_months": {
                name: f"{day:%Y-%m}"
                for name, day in zip(("start", "end"), self.revenue_months, strict=True)
            },
            **self.money.as_dict(),
            **unknown_dict(self.unknown),
            **incomplete_dict(self.incomplete),
            **self._reservations(),
        }

    def _reservations(self) -> dict[str, Any]:
        """Beyond the contract, where the figures are not simply those of the day of sending."""
        said: dict[str, Any] = {}
        if self.filters.same_days is not None:
            said["compared"] = period_dict(self.filters.same_days)
        if self.filters.as_of is not None:
            said["segments_as_of"] = self.filters.as_of.isoformat()
        if self.rebuilding is not None:
            said["rebuilding"] = self.rebuilding
        return said


@one_snapshot()
def segment_report(filters: Filters) -> SegmentReport:
    """Read once, count once: the total is made of the same columns as the rows.

    1. Answers of the period and of the compared one, as columns of cells.
    2. Customers and their revenue, unless a respondent's attribute splits or filters.
    3. A row per combination that occurs in any of them, and the total.
    """
    scope = scope_of(filters)
    periods = [filters.period] + ([filters.compared] if filters.compared else [])
    answers = answers_by_segment(scope, periods=periods)
    customers = ChosenCustomers(scope, periods=[filters.period])
    mrr = customers.mrr_at_start(filters.period)
    counted = _SegmentCounts(answers, periods=periods, mrr=mrr, today=filters.today)
    chosen = _Customers.of(customers, filters.period) if scope.about_customers else None
    rows = _rows(counted, scope=scope, customers=chosen)
    total = _total(counted, customers=chosen)
    return SegmentReport(
        filters,
        rows,
        total,
        customers.revenue_months(filters.period),
        money_of(filters.period),
        customers.known,
        counted.asked_together,
        customers.incomplete_months(filters.period) if scope.about_customers else (),
        share_rebuilt(filters),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Customers:
    """Those of the report, and the figures where there are none."""

    rows: pd.DataFrame
    without: CustomerFigures

    @classmethod
    def of(cls, chosen: ChosenCustomers, period: Period) -> _Customers:
        return cls(chosen.on(period), chosen.without(period))

    def together(self) -> CustomerFigures:
        return figures_of_all(self.rows, without=self.without)


class _SegmentCounts:
    """Answers, invitations and votes by the number of the segment, and of all together."""

    def __init__(
        self,
        answers: AnswersBySegment,
        *,
        periods: Sequence[Period],
        mrr: NDArray[np.float64],
        today: dt.date | None,
    ) -> None:
        self.segments = answers.segments
        current, *compared = (answers.grouped(period) for period in periods)
        together, *before = (each.together() for each in (current, *compared))
        rests = current.rests(together)
        self._answered = _answered(current, compared=compared, rests=rests)
        [self.total] = _answered(together, compared=before, rests=[None])
        self.votes = current.votes.nps(groups=len(self.segments), mrr=mrr)
        self.total_votes = together.votes.nps(groups=1, mrr=mrr)
        asked = answers.asked(periods[0])
        self._asked = asked.rates()
        self.asked_together = asked.together()
        [self.total_asked] = self.asked_together.rates()
        self._coming_in = still_coming_in(answers, period=periods[0], today=today)
        satisfaction = answers.satisfaction(periods[0])
        self._csat = satisfaction.shares(groups=len(self.segments))
        [self.total_csat] = satisfaction.together().shares(groups=1)

    def occurring(self) -> list[int]:
        answered = {
            number for number, each in enumerate(self._answered) if each.sample.counts.responses
        }
        asked = {number for number, each in enumerate(self._asked) if each.invited}
        return sorted(answered | asked)

    def answered(self, number: int | None) -> Answered:
        """Of a segment that nobody answered in there is nothing."""
        if number is not None:
            return self._answered[number]
        return Answered(Sample(), self.total.compared and Other(Sample()))

    def asked(self, number: int | None) -> ResponseRate:
        return ResponseRate() if number is None else self._asked[number]

    def coming_in(self, number: int | None) -> int | None:
        """Of those asked, how many may still answer."""
        if self._coming_in is None:
            return None
        return 0 if number is None else self._coming_in[number]

    def all_coming_in(self) -> int | None:
        return None if self._coming_in is None else sum(self._coming_in)

    def csat(self, number: int | None) -> float | None:
        return None if number is None else self._csat[number]


def _answered(
    current: GroupedAnswers,
    *,
    compared: Sequence[GroupedAnswers],
    rests: Sequence[Other | None],
) -> list[Answered]:
    before: Sequence[Other | None] = [None] * len(current.counts)
    for each in compared:
        before = current.against(each)
    found = zip(current.samples(), before, rests, strict=True)
    return [Answered(*each) for each in found]


def still_coming_in(
    answers: AnswersBySegment, *, period: Period, today: dt.date | None
) -> list[int] | None:
    """By segment; None where no day is given from which one could look back."""
    if today is None:
        return None
    part = unripe_part(period, today=today)
    return [0] * len(answers.segments) if part is None else answers.asked(part).mailed()


def _rows(
    counted: _SegmentCounts, *, scope: Scope, customers: _Customers | None
) -> tuple[SegmentRow, ...]:
    by = scope.filters.by
    if not by:
        return ()
    numbers = {counted.segments.keys[number]: number for number in counted.occurring()}
    sums = {} if customers is None else figures_by_segment(customers.rows, by=by)
    keys = sorted(numbers.keys() | sums.keys(), key=segment_order(scope.dimensions))
    answered = [counted.answered(counted.segments.find(key)) for key in keys]
    places = [numbers.get(key) for key in keys]
    rows = [
        segment_row(
            dict(zip(by, key, strict=True)),
            sample=each.sample,
            asked=counted.asked(place),
            coming_in=counted.coming_in(place),
            votes=None if place is None else counted.votes.iloc[place],
            csat=counted.csat(place),
        )
        for key, place, each in zip(keys, places, answered, strict=True)
    ]
    if customers is not None:
        rows = [
            replace(row, **customer_fields(sums.get(key, customers.without)))
            for key, row in zip(keys, rows, strict=True)
        ]
    return tuple(with_statistics(rows, answered=answered))


def _total(counted: _SegmentCounts, *, customers: _Customers | None) -> SegmentRow:
    row = segment_row(
        {},
        sample=counted.total.sample,
        asked=counted.total_asked,
        coming_in=counted.all_coming_in(),
        votes=counted.total_votes.iloc[0],
        csat=counted.total_csat,
    )
    if customers is not None:
        row = replace(row, **customer_fields(customers.together()))
    return with_statistics([row], answered=[counted.total])[0]
