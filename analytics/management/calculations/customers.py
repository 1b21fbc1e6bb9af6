"""Customers that left within a period, of a table of customers."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import pandas as pd

from analytics.domain.customers.revenue import (
    churn_rows,
    customer_churn_of,
)
from analytics.domain.periods import Period
from analytics.domain.statistics.proportions import Share, wilson_interval
from analytics.management.arguments import add_period, period_from
from analytics.management.calculations.answers import GROUP, add_file
from analytics.management.calculations.inputs.tables import COUNT, Column
from analytics.management.calculations.inputs.values import day
from analytics.management.calculations.kind import Figures, Kind, Options, table_of

STARTED = Column("started_on", day, "the customer's first day, 2026-04-01")
CHURNED = Column("churned_on", day, "its last one; empty: still a customer", default=None)


def _churn(options: Options) -> Figures:
    period = period_from(options)
    table = table_of(options, STARTED, CHURNED, GROUP)
    frame = pd.DataFrame(table.rows)
    rows = churn_rows(frame, period=period).join(_passing(frame, period))
    rows["group"] = frame["group"]
    return by_group(rows, _churn_figures)


def _passing(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Who came within the period, and who of them left within it, too."""
    started, churned = pd.to_datetime(frame["started_on"]), pd.to_datetime(frame["churned_on"])
    first, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    joined = (started >= first) & (started < end)
    return pd.DataFrame({"joined": joined, "left_again": joined & (churned < end)}).astype(int)


def _churn_figures(rows: pd.DataFrame) -> Figures:
    summed = rows.drop(columns="group").sum()
    found = customer_churn_of(summed.to_dict())
    low, high = _interval(found.customers_churned or 0, found.customers_at_start)
    joined, left_again = int(summed["joined"]), int(summed["left_again"])
    with_joined = found.customers_at_start + joined
    left = (found.customers_churned or 0) + left_again
    return {
        "customers_at_start": found.customers_at_start,
        "customers_churned": found.customers_churned,
        "churn_rate": found.churn_rate,
        "churn_low": low,
        "churn_high": high,
        "customers_joined": joined,
        "joined_and_churned": left_again,
        "churn_rate_with_joined": left / with_joined if with_joined else None,
    }


def _interval(part: int, whole: int) -> tuple[float | None, float | None]:
    return wilson_interval(Share(part, whole)) or (None, None)


def by_group(rows: pd.DataFrame, figures: Any) -> Figures:
    found: Figures = figures(rows)
    if rows["group"].nunique() > 1:
        grouped = rows.groupby("group", sort=False)
        found["groups"] = {name: figures(part) for name, part in grouped}
    return found


def _churn_arguments(parser: ArgumentParser) -> None:
    add_file(parser)
    add_period(parser)


KINDS = (
    Kind(
        "churn",
        "customers that left within a period, of those there at its start",
        "Who joins and leaves within the period is in neither; churn_rate_with_joined counts them "
        "on both sides, as some vendors do.",
        "manage.py calculate churn customers.csv --from 2026-04-01 --to 2026-04-30",
        _churn,
        columns=(STARTED, CHURNED, GROUP, COUNT),
        add_arguments=_churn_arguments,
    ),
)
