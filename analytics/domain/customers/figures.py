"""What became of the customers of a period and of their revenue, by segment and together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.domain.customers.revenue import (
    MOVEMENT_COLUMNS,
    CustomerChurn,
    Movements,
    customer_churn_of,
    movements_of,
)

CHURN_COLUMNS = ["customers_at_start", "customers_churned"]


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """What became of some customers; the movements are None where no import tells."""

    churn: CustomerChurn
    mrr_start: float | None
    moved: Movements | None


NOBODY = CustomerFigures(CustomerChurn(), 0.0, Movements())


def nobody(*, churn: bool, start: bool, moved: bool) -> CustomerFigures:
    """Of no customers: nothing where it is known, and unknown where it is not."""
    return CustomerFigures(
        CustomerChurn(0, 0 if churn else None),
        0.0 if start else None,
        Movements() if moved else None,
    )


def figures_by_segment(
    rows: pd.DataFrame, *, by: tuple[str, ...]
) -> dict[tuple[str, ...], CustomerFigures]:
    """Per combination of `by` that occurs among the customers."""
    if rows.empty:
        return {}
    grouped = rows.groupby(list(by))[[*CHURN_COLUMNS, *MOVEMENT_COLUMNS]].sum(min_count=1)
    return {
        key if isinstance(key, tuple) else (key,): _figures(row)
        for key, row in zip(grouped.index, grouped.to_dict("records"), strict=True)
    }


def figures_of_all(rows: pd.DataFrame, *, without: CustomerFigures = NOBODY) -> CustomerFigures:
    """`without` is what there is without customers."""
    if rows.empty:
        return without
    return _figures(rows[[*CHURN_COLUMNS, *MOVEMENT_COLUMNS]].sum(min_count=1).to_dict())


def _figures(row: Mapping[Any, Any]) -> CustomerFigures:
    moved = None if any(pd.isna(row[name]) for name in MOVEMENT_COLUMNS) else movements_of(row)
    start = None if pd.isna(row["start"]) else round(float(row["start"]), 6)
    return CustomerFigures(customer_churn_of(row), start, moved)
