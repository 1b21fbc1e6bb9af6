"""Why customers left: the part of the retention report that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from accounts.models import ImportedFact
from analytics.domain.customers.reasons import ChurnReason, churn_reasons
from analytics.domain.periods import Period
from analytics.queries.customers.left import read_left
from analytics.reports.report import Column, Kind, Table, values_of

COLUMNS = (
    Column("reason"),
    Column("customers_left", Kind.COUNT),
    Column("share", Kind.PERCENT),
    Column("share_low", Kind.PERCENT),
    Column("share_high", Kind.PERCENT),
    Column("mrr_left", Kind.MONEY),
)
GROUP_COLUMNS = (Column("reason"), Column("group", Kind.CODE), Column("customers_left", Kind.COUNT))
BAND_COLUMNS = (Column("reason"), Column("band"), Column("customers_left", Kind.COUNT))


@dataclass(frozen=True, slots=True)
class ChurnReasons:
    # None where no file told of reasons, or of who left.
    rows: tuple[ChurnReason, ...] | None = None

    def tables(self) -> list[Table]:
        if not self.rows:
            return []
        groups = [
            [each.reason, group, number]
            for each in self.rows
            for group, number in each.groups.items()
        ]
        bands = [
            [each.reason, band, number] for each in self.rows for band, number in each.bands.items()
        ]
        return [
            Table("churn_reasons", COLUMNS, [values_of(each, COLUMNS) for each in self.rows]),
            Table("churn_reasons_by_answer", GROUP_COLUMNS, groups),
            Table("churn_reasons_by_band", BAND_COLUMNS, bands),
        ]

    def as_list(self) -> list[dict[str, Any]] | None:
        return None if self.rows is None else [asdict(each) for each in self.rows]


def reasons_of(
    period: Period,
    *,
    today: dt.date,
    revenue: pd.DataFrame,
    accounts: Sequence[int] | None,
    churn: bool,
) -> ChurnReasons:
    """`churn`: whether it is known who left."""
    told = ImportedFact.objects.filter(fact=ImportedFact.Fact.CHURN_REASON)
    if not churn or not told.exists():
        return ChurnReasons()
    left = read_left(period, today=today, revenue=revenue, accounts=accounts)
    return ChurnReasons(churn_reasons(left))
