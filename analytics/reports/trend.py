"""NPS month by month or quarter by quarter, with churn and NRR on the same axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

import pandas as pd

from analytics.customer_frames import Becoming, CustomerFrames, becoming_of_all
from analytics.domain import trends
from analytics.domain.nps import CONFIDENCE
from analytics.domain.periods import Period, month_label, months, quarter_label, quarters
from analytics.filters import Filters, scope_of
from analytics.frames import AnswerFrames
from analytics.queries.moment import one_moment


class Step(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    period: str
    responses: int
    promoters: int
    passives: int
    detractors: int
    nps: float | None
    nps_low: float | None
    nps_high: float | None
    response_rate: float | None
    customer_churn_rate: float | None
    nrr: float | None


FIELDS = tuple(each.name for each in fields(TrendRow))


@dataclass(frozen=True, slots=True)
class TrendReport:
    filters: Filters
    step: Step
    # The calendar parts, cut at the edges of the period, in the order of the rows.
    periods: tuple[Period, ...]
    rows: tuple[TrendRow, ...]

    def as_dict(self) -> dict[str, Any]:
        period = self.filters.period
        return {
            "period": {"from": period.start.isoformat(), "to": period.last_day.isoformat()},
            "by": self.step.value,
            "confidence": CONFIDENCE,
            "rows": [asdict(row) for row in self.rows],
        }


@one_moment()
def trend_report(filters: Filters, *, step: Step) -> TrendReport:
    scope = scope_of(filters)
    periods = months(filters.period) if step is Step.MONTH else quarters(filters.period)
    answers = AnswerFrames(scope, periods=[filters.period])
    counted = trends.trend(answers.days(filters.period), periods=periods)
    rates = _response_rates(answers.invitations(periods), parts=len(periods))
    customers: list[Becoming | None] = [None] * len(periods)
    if scope.about_customers:
        frames = CustomerFrames(scope, periods=periods)
        customers = [becoming_of_all(frames.on(period)) for period in periods]
    label = month_label if step is Step.MONTH else quarter_label
    rows = tuple(
        _row(label(row.period), counted=row, response_rate=rate, customers=each)
        for row, rate, each in zip(counted, rates, customers, strict=True)
    )
    return TrendReport(filters, step, tuple(periods), rows)


def _response_rates(invitations: pd.DataFrame, *, parts: int) -> Sequence[float | None]:
    sums = invitations.groupby(level="part").sum()
    rates: list[float | None] = [None] * parts
    for part, row in sums.iterrows():
        if row["invited"]:
            rates[int(str(part))] = float(row["answered"] / row["invited"])
    return rates


def _row(
    period: str,
    *,
    counted: trends.TrendRow,
    response_rate: float | None,
    customers: Becoming | None,
) -> TrendRow:
    counts, interval = counted.counts, counted.interval
    return TrendRow(
        period=period,
        responses=counts.responses,
        promoters=counts.promoters,
        passives=counts.passives,
        detractors=counts.detractors,
        nps=counted.nps,
        nps_low=interval.low if interval else None,
        nps_high=interval.high if interval else None,
        response_rate=response_rate,
        customer_churn_rate=customers.churn.churn_rate if customers else None,
        nrr=customers.moved.nrr if customers and customers.moved else None,
    )
