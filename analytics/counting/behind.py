"""The customers behind a figure: those rows that are not 0 in the column that it is the sum of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.counting.asked_customers import read_asked_customers
from analytics.counting.customers import ChosenCustomers
from analytics.counting.metric_units import RULES, MetricUnits, needed_by
from analytics.counting.onboarding import read_late_onboarding
from analytics.domain.customers.follow_up import GROUPS, follow_up
from analytics.domain.customers.mrr.products import ledger_rows, product_lines
from analytics.domain.customers.mrr.steps import SOLD
from analytics.domain.customers.retention import revenue_cohort
from analytics.domain.customers.revenue import movement_rows, positions, start_and_end_months
from analytics.domain.metrics.catalogue import BY_KEY, COUNTED, LIFETIMES, Metric
from analytics.domain.metrics.sales import SALES
from analytics.domain.metrics.times import TIMES
from analytics.queries.customers.outcomes import last_known_day
from analytics.queries.customers.products import read_products
from analytics.queries.customers.table import (
    CustomerTable,
    account_ids,
    last_known_month,
    read_revenue,
)
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of

# Figure to the columns of a period's rows: of one of them there is something.
IN_PERIOD: Mapping[str, tuple[str, ...]] = {
    "at_start": ("customers_at_start",),
    "churned": ("customers_churned",),
    "mrr_start": ("start",),
    "mrr_lost": ("churned", "contraction"),
    "mrr_more": ("expansion",),
}
# Figure to the columns of the movements, which read all of the past to tell new from come back.
MOVEMENTS: Mapping[str, tuple[str, ...]] = {
    "moved_lost": ("churned", "contraction"),
    "moved_start": ("start",),
    "moved_new": ("new",),
    "moved_expansion": ("expansion",),
    "moved_reactivated": ("reactivated",),
    "moved_contraction": ("contraction",),
    "moved_churned": ("churned",),
    "moved_end": ("end",),
}
# Figure to the column of the ledger by product.
PRODUCTS: Mapping[str, str] = {
    **{f"product_{name}": name for name in SOLD},
    "product_stayed": "end",
}
# Of a group of the outcomes, whose name follows: `left:detractor`.
FOLLOWED = ("asked", "left", "still_there")
# Of a lifetime value, whose key follows: `lost:clv`.
WORTH = ("paying", "lost", "followed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of a report, with what the report was asked for."""

    figure: str
    filters: Filters
    today: dt.date
    horizon_days: int = 0

    @property
    def metric(self) -> Metric:
        """Of a figure that ends with its key."""
        return BY_KEY[self.figure.partition(":")[2]]


@one_snapshot()
def customers_behind(asked: Asked) -> list[int]:
    """Their ids; the figure is one of FIGURES."""
    return sorted(int(pk) for pk in FIGURES[asked.figure](asked))


def _in_period(asked: Asked) -> pd.Index:
    scope, period = scope_of(asked.filters), asked.filters.period
    if not scope.about_customers:
        return pd.Index([])
    rows = ChosenCustomers(scope, periods=[period]).on(period)
    return rows.index[(rows[list(IN_PERIOD[asked.figure])] > 0).any(axis=1)]


def _stayed(asked: Asked) -> pd.Index:
    rows = ChosenCustomers(scope_of(asked.filters), periods=[asked.filters.period]).on(
        asked.filters.period
    )
    return rows.index[(rows["customers_at_start"] > 0) & (rows["customers_churned"] == 0)]


def _moved(asked: Asked) -> pd.Index:
    found = positions(
        _of_owner(read_revenue().set_index("customer"), asked).reset_index(),
        period=asked.filters.period,
        last_known=last_known_month(),
    )
    rows = movement_rows(found)
    return rows.index[(rows[list(MOVEMENTS[asked.figure])] > 0).any(axis=1)]


def _sold(asked: Asked) -> pd.Index:
    start, end = start_and_end_months(asked.filters.period, last_known=last_known_month())
    lines = product_lines(read_products({start, end}), days={start, end})
    rows = _of_owner(ledger_rows(lines, start=start, end=end), asked)
    return rows.index[rows[PRODUCTS[asked.figure]] > 0]


def _started(asked: Asked) -> pd.Index:
    started = _of_owner(CustomerTable().dates, asked)["started_on"]
    first, last = asked.filters.period.start, asked.filters.period.last_day
    known = min(last, last_known_day(today=asked.today))
    return started.index[(started >= pd.Timestamp(first)) & (started <= pd.Timestamp(known))]


def _first_paid(asked: Asked) -> pd.Index:
    """In the month that the period begins in."""
    revenue = _of_owner(read_revenue().set_index("customer"), asked).reset_index()
    known = last_known_month() or asked.today
    return revenue_cohort(revenue, month=asked.filters.period.start, last_known=known)


def _followed(asked: Asked) -> pd.Index:
    what, _, group = asked.figure.partition(":")
    customers = _of_owner(read_asked_customers(asked.filters.period), asked)
    rows = follow_up(customers, last_known=last_known_day(today=asked.today))
    rows = rows[rows["group"] == group]
    if what == "left":
        return rows.index[rows["churned"] & (rows["days"] <= asked.horizon_days)]
    return rows.index[~rows["churned"]] if what == "still_there" else rows.index


def _late_onboarding(asked: Asked) -> pd.Index:
    late = read_late_onboarding(asked.filters, today=asked.today)
    return pd.Index([]) if late is None else late.customers.index


def _units(asked: Asked) -> pd.Index:
    """Who has units is in the denominator; a customer of several can have hits and misses."""
    what, read = asked.figure.partition(":")[0], _read(asked)
    rows = read.units(asked.metric)
    if rows is None:
        return pd.Index([])
    if what != "units":
        hits = rows["closed" if asked.metric.key in TIMES else "hit"]
        rows = rows[hits if what == "hits" else ~hits]
    return read.customers.index[read.customers.index.isin(rows["customer"])]


def _worth(asked: Asked) -> pd.Index:
    what, read = asked.figure.partition(":")[0], _read(asked)
    if read.chosen is None:
        return pd.Index([])
    return read.customers.index[read.money.counted(what, asked.metric.key)]


def _read(asked: Asked) -> MetricUnits:
    needed = needed_by([asked.metric])
    return MetricUnits(
        scope_of(asked.filters), asked.filters.period, needed=needed, today=asked.today
    )


def _of_owner(rows: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    owner = asked.filters.owner
    return rows[rows.index.isin(account_ids(owner))] if owner else rows


FIGURES: Mapping[str, Callable[[Asked], pd.Index]] = {
    **dict.fromkeys(IN_PERIOD, _in_period),
    **dict.fromkeys(MOVEMENTS, _moved),
    **dict.fromkeys(PRODUCTS, _sold),
    "stayed": _stayed,
    "started": _started,
    "onboarding_late": _late_onboarding,
    "first_paid": _first_paid,
    **{f"{what}:{group}": _followed for what in FOLLOWED for group in GROUPS},
    **{f"{what}:{key}": _units for what in COUNTED for key in (*RULES, *SALES)},
    **{f"{what}:{key}": _worth for what in WORTH for key in LIFETIMES},
}
