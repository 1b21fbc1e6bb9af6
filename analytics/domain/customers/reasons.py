"""Why customers left, with what they had said and how they had looked before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.domain.customers.follow_up import GROUPS
from analytics.domain.customers.revenue import known_mrr
from analytics.domain.statistics.proportions import Share, wilson_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnReason:
    # Empty: nobody wrote one down.
    reason: str
    customers_left: int
    # Of all that left in the period.
    share: float
    share_low: float | None
    share_high: float | None
    # What they paid last; None where no amount is known.
    mrr_left: float | None
    # How many, by the group of their last answer, and by their last band of health (empty: none).
    groups: Mapping[str, int]
    bands: Mapping[str, int]


def churn_reasons(left: pd.DataFrame) -> tuple[ChurnReason, ...]:
    """`left`: a row per customer with `reason`, `mrr`, `group` and `band`; most customers first."""
    found = [_reason(str(name), rows, of=len(left)) for name, rows in left.groupby("reason")]
    # What is not known stands last, whatever its number.
    return tuple(
        sorted(found, key=lambda each: (not each.reason, -each.customers_left, each.reason))
    )


def _reason(name: str, rows: pd.DataFrame, *, of: int) -> ChurnReason:
    low, high = wilson_interval(Share(len(rows), of)) or (None, None)
    groups, bands = rows["group"].value_counts(), rows["band"].value_counts()
    return ChurnReason(
        reason=name,
        customers_left=len(rows),
        share=len(rows) / of,
        share_low=low,
        share_high=high,
        mrr_left=known_mrr(rows["mrr"]),
        groups={group: int(groups.get(group, 0)) for group in GROUPS},
        bands={str(band): int(number) for band, number in bands.sort_index().items()},
    )
