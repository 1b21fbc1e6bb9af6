"""NPS per segment beside churn, retention, GRR and NRR."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from accounts.domain.segments import UNKNOWN
from accounts.models import Dimension
from analytics.counting.current_segments import PresentFrames, frames_of
from analytics.counting.customers import (
    NOBODY,
    Becoming,
    CustomerFrames,
    becoming_by_segment,
    becoming_of_all,
)
from analytics.counting.frozen_segments import AnswerFrames
from analytics.domain.periods import Period
from analytics.domain.statistics.multiplicity import benjamini_hochberg
from analytics.domain.statistics.nps import (
    CONFIDENCE,
    Change,
    Counts,
    change_between,
    nps,
    score_intervals,
)
from analytics.domain.votes import VOTE_COLUMNS
from analytics.labels import segment_label
from analytics.queries.filters import Filters, Scope, scope_of, share_rebuilt
from analytics.queries.snapshot import one_moment

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """The fields of the public contract, in its order; None is what cannot be known."""

    segment: Mapping[str, str]
    invited: int
    responses: int
    response_rate: float | None
    promoters: int
    passives: int
    detractors: int
    nps: float | None
    nps_low: float | None
    nps_high: float | None
    reportable: bool
    nps_previous: float | None = None
    nps_change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    change_p_value: float | None = None
    change_significant: bool | None = None
    account_nps: float | None
    revenue_weighted_nps: float | None
    customers_at_start: int | None = None
    customers_churned: int | None = None
    customer_churn_rate: float | None = None
    customer_retention_rate: float | None = None
    mrr_start: float | None = None
    mrr_churned: float | None = None
    mrr_contraction: float | None = None
    mrr_expansion: float | None = None
    revenue_churn_rate: float | None = None
    grr: float | None = None
    nrr: float | None = None

    @property
    def label(self) -> str:
        return segment_label(self.segment)

    @property
    def stands_empty(self) -> bool:
        """Nobody was asked, answered, or was a customer: of two dimensions a mere combination."""
        return not (self.responses or self.invited or self.customers_at_start or self.mrr_start)


FIELDS = tuple(each.name for each in fields(SegmentRow))


@dataclass(frozen=True, slots=True)
class SegmentReport:
    filters: Filters
    rows: tuple[SegmentRow, ...]
    total: SegmentRow
    # The first and the last month-end that the figures of revenue compare.
    revenue_months: tuple[dt.date, dt.date]
    # How much of the past is frozen anew, while that is under way; None: the figures are whole.
    rebuilding: float | None = None

    @property
    def period(self) -> Period:
        return self.filters.period

    @property
    def about_customers(self) -> bool:
        """Not where an attribute of respondents splits or chooses the answers."""
        return self.total.customers_at_start is not None

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


def period_dict(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.last_day.isoformat()}


@one_moment()
def segment_report(filters: Filters) -> SegmentReport:
    """Read once, count once: the total is made of the same columns as the rows.

    1. Answers of the period and of the compared one, as columns of cells.
    2. Customers and their revenue, unless a respondent's attribute splits or filters.
    3. A row per combination that occurs in any of them, and the total.
    """
    scope = scope_of(filters)
    periods = [filters.period] + ([filters.compared] if filters.compared else [])
    answers = frames_of(scope, periods=periods)
    customers = CustomerFrames(scope, periods=[filters.period])
    sides = _Sides(answers, periods=periods, mrr=customers.mrr_at_start(filters.period))
    becoming = customers.on(filters.period) if scope.about_customers else None
    rows = _rows(sides, scope=scope, customers=becoming)
    total = _total(sides, customers=becoming)
    months = customers.revenue_months(filters.period)
    return SegmentReport(filters, rows, total, months, share_rebuilt(filters))


class _Sides:
    """Answers, invitations and votes by the number of the segment, and of all together."""

    def __init__(
        self,
        answers: AnswerFrames | PresentFrames,
        *,
        periods: Sequence[Period],
        mrr: NDArray[np.float64],
    ) -> None:
        self.segments = answers.segments
        size = len(self.segments)
        columns = [answers.columns(period) for period in periods]
        self.counts = [each.counts(segments=size) for each in columns]
        votes = columns[0].votes()
        self.votes = votes.nps(groups=size, mrr=mrr)
        self.total_votes = votes.together().nps(groups=1, mrr=mrr)
        self._asked = _asked_by_segment(answers.invitations(periods[:1]))

    def occurring(self) -> list[int]:
        answered = {number for number, each in enumerate(self.counts[0]) if each.responses}
        return sorted(answered | self._asked.keys())

    def asked(self, number: int | None) -> tuple[int, int]:
        """How many were asked, and how many of them answered."""
        return (0, 0) if number is None else self._asked.get(number, (0, 0))

    def all_asked(self) -> tuple[int, int]:
        found = list(self._asked.values())
        return sum(invited for invited, _ in found), sum(answered for _, answered in found)


def _asked_by_segment(invitations: pd.DataFrame) -> dict[int, tuple[int, int]]:
    segments = invitations.index.get_level_values("segment").tolist()
    columns = [invitations[name].tolist() for name in ("invited", "answered")]
    return {segment: (asked, done) for segment, asked, done in zip(segments, *columns, strict=True)}


def _rows(sides: _Sides, *, scope: Scope, customers: pd.DataFrame | None) -> tuple[SegmentRow, ...]:
    by = scope.filters.by
    if not by:
        return ()
    numbers = {sides.segments.keys[number]: number for number in sides.occurring()}
    sums = {} if customers is None else becoming_by_segment(customers, by=by)
    keys = sorted(numbers.keys() | sums.keys(), key=_order(scope.dimensions))
    places = [numbers.get(key) for key in keys]
    counts = [_counts_at(place, side=sides.counts[0]) for place in places]
    rows = [
        _row(
            dict(zip(by, key, strict=True)),
            counts=each,
            asked=sides.asked(place),
            votes=None if place is None else sides.votes.iloc[place],
        )
        for key, place, each in zip(keys, places, counts, strict=True)
    ]
    if customers is not None:
        rows = [
            replace(row, **customer_fields(sums.get(key, NOBODY)))
            for key, row in zip(keys, rows, strict=True)
        ]
    compared = (
        [_counts_at(sides.segments.find(key), side=sides.counts[1]) for key in keys]
        if len(sides.counts) > 1
        else None
    )
    return tuple(with_statistics(rows, counts=counts, compared=compared))


def _total(sides: _Sides, *, customers: pd.DataFrame | None) -> SegmentRow:
    counts = sum(sides.counts[0], Counts())
    row = _row(
        {},
        counts=counts,
        asked=sides.all_asked(),
        votes=sides.total_votes.iloc[0],
    )
    if customers is not None:
        row = replace(row, **customer_fields(becoming_of_all(customers)))
    compared = [sum(sides.counts[1], Counts())] if len(sides.counts) > 1 else None
    return with_statistics([row], counts=[counts], compared=compared)[0]


def _order(dimensions: Sequence[Dimension]) -> Callable[[Key], Any]:
    """Bands from low to high, other values by their text, what is not known last."""
    labels = [each.definition.bands.labels if each.definition.bands else () for each in dimensions]
    places = [{label: place for place, label in enumerate(each)} for each in labels]

    def rank(key: Key) -> list[tuple[bool, int, str]]:
        pairs = zip(key, places, strict=True)
        return [(value == UNKNOWN, known.get(value, len(known)), value) for value, known in pairs]

    return rank


def _counts_at(place: int | None, *, side: Sequence[Counts]) -> Counts:
    return Counts() if place is None else side[place]


def _row(
    segment: Mapping[str, str], *, counts: Counts, asked: tuple[int, int], votes: pd.Series | None
) -> SegmentRow:
    invited, answered = asked
    account, weighted = (_known(votes, name) for name in VOTE_COLUMNS)
    return SegmentRow(
        segment=segment,
        invited=invited,
        responses=counts.responses,
        response_rate=answered / invited if invited else None,
        promoters=counts.promoters,
        passives=counts.passives,
        detractors=counts.detractors,
        nps=nps(counts),
        nps_low=None,
        nps_high=None,
        reportable=counts.reportable,
        account_nps=account,
        revenue_weighted_nps=weighted,
    )


def _known(votes: pd.Series | None, name: str) -> float | None:
    return None if votes is None or pd.isna(votes[name]) else float(votes[name])


def customer_fields(customers: Becoming) -> dict[str, Any]:
    churn, moved = customers.churn, customers.moved
    fields: dict[str, Any] = {
        "customers_at_start": churn.customers_at_start,
        "customers_churned": churn.customers_churned,
        "customer_churn_rate": churn.churn_rate,
        "customer_retention_rate": churn.retention_rate,
        "mrr_start": customers.mrr_start,
    }
    if moved is None:
        return fields
    return fields | {
        "mrr_churned": moved.churned,
        "mrr_contraction": moved.contraction,
        "mrr_expansion": moved.expansion,
        "revenue_churn_rate": moved.revenue_churn_rate,
        "grr": moved.grr,
        "nrr": moved.nrr,
    }


def with_statistics(
    rows: Sequence[SegmentRow],
    *,
    counts: Sequence[Counts],
    compared: Sequence[Counts] | None,
) -> list[SegmentRow]:
    """The intervals of all rows at once, and the changes, corrected for how many are looked at."""
    limits = score_intervals(counts)
    rows = [
        row if each is None else replace(row, nps_low=each.low, nps_high=each.high)
        for row, each in zip(rows, limits, strict=True)
    ]
    if compared is None:
        return rows
    compared_limits = score_intervals(compared)
    changes = [
        change_between(now, compared=before, limits=limits_now, compared_limits=limits_before)
        for now, before, limits_now, limits_before in zip(
            counts, compared, limits, compared_limits, strict=True
        )
    ]
    testable = [
        found.p_value if found and now.reportable and before.reportable else None
        for found, now, before in zip(changes, counts, compared, strict=True)
    ]
    significant = benjamini_hochberg(testable).significant
    return [
        _changed(row, before=before, found=found, significant=real)
        for row, before, found, real in zip(rows, compared, changes, significant, strict=True)
    ]


def _changed(
    row: SegmentRow, *, before: Counts, found: Change | None, significant: bool | None
) -> SegmentRow:
    row = replace(row, nps_previous=nps(before))
    if found is None:
        return row
    return replace(
        row,
        nps_change=found.difference,
        change_low=found.low,
        change_high=found.high,
        change_p_value=found.p_value,
        change_significant=significant,
    )


__all__ = ["FIELDS", "SegmentReport", "SegmentRow", "segment_report"]
