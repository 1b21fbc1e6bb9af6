"""The proof of a score once more, from its description: pair by pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.analytics.health_oracle import Number, Oracle, Row

RAW = ("nps_last", "mrr", "tenure_months")


@dataclass
class Seen:
    """A row of the proof: of which day, and whether the customer left within the horizon."""

    day: dt.date
    left: bool
    row: Row
    predictors: dict[str, Number]


def observed(
    oracle: Oracle, formula: dict[str, Any], days: Sequence[dt.date], *, horizon: int
) -> list[Seen]:
    found = []
    for day in days:
        for row in oracle.scores(day, [formula]):
            gone = row.customer.churned
            left = gone is not None and gone <= day + dt.timedelta(days=horizon)
            raw = {each: oracle.value(row.customer, {"source": each}, day) for each in RAW}
            keys = [each["key"] for each in formula["measures"]]
            points = [None if row.too_new else each for each in row.points]
            mine = dict(zip(keys, points, strict=True))
            found.append(Seen(day, left, row, {"score": row.score, **raw, **mine}))
    return found


def auc(rows: Sequence[Seen], name: str) -> Number:
    """Pair by pair: one that left, one that stayed, of the same day; ties half."""
    right = pairs = 0.0
    known = [each for each in rows if each.predictors[name] is not None]
    for gone in (each for each in known if each.left):
        for stayed in (each for each in known if not each.left and each.day == gone.day):
            one, other = gone.predictors[name], stayed.predictors[name]
            assert one is not None
            assert other is not None
            # Percentiles of equal values may differ in their last bit.
            right += 0.5 if abs(one - other) < 1e-9 else float(one < other)
            pairs += 1
    return right / pairs if pairs else None
