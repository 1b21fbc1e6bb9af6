"""The rows of the segment report: their fields, and the figures of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd

from analytics.domain.answers.rates.response_rates import ResponseRate
from analytics.domain.answers.votes import VOTE_COLUMNS
from analytics.domain.customers.figures import CustomerFigures
from analytics.domain.statistics.interval import Change, Interval
from analytics.domain.statistics.nps.counts import nps
from analytics.domain.statistics.nps.intervals import (
    Other,
    Sample,
    change_between,
    intervals,
)
from analytics.domain.statistics.nps.significance import significant_changes
from analytics.labels import segment_label
from analytics.reports.report import (
    Count,
    CountOrNone,
    Flag,
    FlagOrNone,
    Money,
    Nps,
    Number,
    Percent,
    PValue,
    columns_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """The fields of the public contract, in its order; None is what cannot be known."""

    segment: Mapping[str, str]
    invited: Count
    responses: Count
    response_rate: Percent
    promoters: Count
    passives: Count
    detractors: Count
    nps: Nps
    nps_low: Nps
    nps_high: Nps
    reportable: Flag
    nps_previous: Nps = None
    nps_change: Nps = None
    change_low: Nps = None
    change_high: Nps = None
    change_p_value: PValue = None
    change_significant: FlagOrNone = None
    # Against all other answers of the report together.
    rest_nps: Nps = None
    rest_difference: Nps = None
    rest_low: Nps = None
    rest_high: Nps = None
    rest_p_value: PValue = None
    rest_significant: FlagOrNone = None
    customers_answered: Count
    design_effect: Number
    n_effective: Number
    account_nps: Nps = None
    account_nps_low: Nps = None
    account_nps_high: Nps = None
    revenue_weighted_nps: Nps = None
    revenue_weighted_nps_low: Nps = None
    revenue_weighted_nps_high: Nps = None
    n_effective_revenue: Number = None
    csat: Percent = None
    customers_at_start: CountOrNone = None
    customers_churned: CountOrNone = None
    customer_churn_rate: Percent = None
    customer_retention_rate: Percent = None
    mrr_start: Money = None
    mrr_churned: Money = None
    mrr_contraction: Money = None
    mrr_expansion: Money = None
    revenue_churn_rate: Percent = None
    grr: Percent = None
    nrr: Percent = None
    # Beyond the contract.
    response_rate_low: Percent = None
    response_rate_high: Percent = None
    # Of those asked, who may still answer; None where no day of asking is given.
    still_coming_in: CountOrNone = None

    @property
    def label(self) -> str:
        return segment_label(self.segment)

    @property
    def stands_empty(self) -> bool:
        """Nobody was asked, answered, or was a customer: of two dimensions a mere combination."""
        return not (self.responses or self.invited or self.customers_at_start or self.mrr_start)


COLUMNS = columns_of(SegmentRow)


def segment_row(
    segment: Mapping[str, str],
    *,
    sample: Sample,
    asked: ResponseRate,
    coming_in: int | None,
    votes: pd.Series | None,
    csat: float | None,
) -> SegmentRow:
    counts = sample.counts
    rate_low, rate_high = asked.limits or (None, None)
    return SegmentRow(
        segment=segment,
        invited=asked.invited,
        responses=counts.responses,
        response_rate=asked.rate,
        response_rate_low=rate_low,
        response_rate_high=rate_high,
        still_coming_in=coming_in,
        promoters=counts.promoters,
        passives=counts.passives,
        detractors=counts.detractors,
        nps=nps(counts),
        nps_low=None,
        nps_high=None,
        reportable=sample.reportable,
        customers_answered=sample.customers,
        design_effect=sample.design_effect,
        n_effective=sample.n_effective(),
        csat=csat,
        **{} if votes is None else _votes(votes),
    )


def _votes(votes: pd.Series) -> dict[str, Any]:
    return {name: None if pd.isna(votes[name]) else float(votes[name]) for name in VOTE_COLUMNS}


def customer_fields(customers: CustomerFigures) -> dict[str, Any]:
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


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of a row, and those that they are held against; None: against none."""

    sample: Sample
    compared: Other | None = None
    rest: Other | None = None


def with_statistics(
    rows: Sequence[SegmentRow], *, answered: Sequence[Answered]
) -> list[SegmentRow]:
    """The intervals of all rows at once, and the tests, corrected for how many are tested."""
    compared, rests = [each.compared for each in answered], [each.rest for each in answered]
    samples = [each.sample for each in answered]
    others = [other.sample if other else Sample() for other in (*compared, *rests)]
    # All at once: one interval takes as long as a hundred.
    found = intervals([*samples, *others])
    places = (slice(part * len(rows), (part + 1) * len(rows)) for part in range(3))
    limits, of_compared, of_rests = (found[place] for place in places)
    changes = _differences(samples, compared, limits, of_compared)
    differences = _differences(samples, rests, limits, of_rests)
    return [
        replace(
            row, **_limits(low_high), **_change_fields(each, change), **_rest_fields(each, rest)
        )
        for row, each, low_high, change, rest in zip(
            rows, answered, limits, changes, differences, strict=True
        )
    ]


class _Tested(NamedTuple):
    change: Change | None
    # None where one of the two is too small for a verdict.
    significant: bool | None


def _differences(
    samples: Sequence[Sample],
    others: Sequence[Other | None],
    limits: Sequence[Interval | None],
    other_limits: Sequence[Interval | None],
) -> list[_Tested]:
    found = [
        change_between(sample, compared=other, limits=mine, compared_limits=theirs)
        if other
        else None
        for sample, other, mine, theirs in zip(samples, others, limits, other_limits, strict=True)
    ]
    significant = significant_changes(samples, others, found)
    return [_Tested(*each) for each in zip(found, significant, strict=True)]


def _limits(interval: Interval | None) -> dict[str, Any]:
    return {} if interval is None else {"nps_low": interval.low, "nps_high": interval.high}


def _change_fields(answered: Answered, tested: _Tested) -> dict[str, Any]:
    if answered.compared is None:
        return {}
    names = ("nps_change", "change_low", "change_high", "change_p_value")
    found = {"nps_previous": nps(answered.compared.sample.counts)}
    return found | _fields(names, tested) | {"change_significant": tested.significant}


def _rest_fields(answered: Answered, tested: _Tested) -> dict[str, Any]:
    """Nothing is said of a segment that is too small, or that leaves too little besides it."""
    if answered.rest is None or tested.significant is None:
        return {}
    names = ("rest_difference", "rest_low", "rest_high", "rest_p_value")
    found = {"rest_nps": nps(answered.rest.sample.counts)}
    return found | _fields(names, tested) | {"rest_significant": tested.significant}


def _fields(names: Sequence[str], tested: _Tested) -> dict[str, float]:
    return {} if tested.change is None else dict(zip(names, tested.change, strict=True))
