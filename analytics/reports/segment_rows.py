"""The rows of the segment report: their fields, and the figures of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analytics.domain.answers.votes import VOTE_COLUMNS
from analytics.domain.customers.figures import CustomerFigures
from analytics.domain.statistics.multiplicity import benjamini_hochberg
from analytics.domain.statistics.nps import Change, Counts, change_between, nps, score_intervals
from analytics.labels import segment_label
from analytics.reports.report import (
    Count,
    CountOrNone,
    Flag,
    FlagOrNone,
    Money,
    Nps,
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
    account_nps: Nps
    revenue_weighted_nps: Nps
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

    @property
    def label(self) -> str:
        return segment_label(self.segment)

    @property
    def stands_empty(self) -> bool:
        """Nobody was asked, answered, or was a customer: of two dimensions a mere combination."""
        return not (self.responses or self.invited or self.customers_at_start or self.mrr_start)


COLUMNS = columns_of(SegmentRow)


def segment_row(
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


def with_statistics(
    rows: Sequence[SegmentRow],
    *,
    counts: Sequence[Counts],
    compared: Sequence[Counts] | None,
) -> list[SegmentRow]:
    """The intervals of all rows at once, and the changes, corrected for how many are tested."""
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
