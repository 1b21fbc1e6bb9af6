"""The movements of recurring revenue, of tables of amounts or of subscriptions."""

from __future__ import annotations

import datetime as dt
import math
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

import pandas as pd
from django.core.management.base import CommandError

from analytics.domain.customers.mrr.movements import (
    MovementMonth,
    monthly_movements,
    monthly_positions,
    mrr_by_month,
)
from analytics.domain.customers.revenue import (
    MOVEMENT_COLUMNS,
    month_number,
    movement_rows,
    movements_of,
    positions,
)
from analytics.domain.periods import ONE_DAY, Period, month_label, month_of
from analytics.domain.statistics.interval import Interval
from analytics.domain.statistics.ratios import ratio_of
from analytics.management.calculations.answers import GROUP, add_file
from analytics.management.calculations.customers import by_group
from analytics.management.calculations.inputs.tables import Column, read_table
from analytics.management.calculations.inputs.values import Wrong, amount, day, month
from analytics.management.calculations.kind import Figures, Kind, Options

CUSTOMER = Column("customer", str, "whose revenue it is")
MONTH = Column("month", month, "2026-04")
MRR = Column("mrr", amount, "recurring revenue in force at the end of that month; 0: none")
OWNER = Column("customer_id", str, "whose subscription it is")
FIRST = Column("start_date", day, "the first day that is paid for")
END = Column("end_date", day, "the first day that is not; empty: it goes on", default=None)
PRICE = Column("monthly_amount", amount, "per month; a yearly price by twelve")
MOVED = ("new", "expansion", "contraction", "churned", "reactivated")
MOST_MONTHS = 600


def _revenue(options: Options) -> Figures:
    table = read_table(options["file"], (CUSTOMER, MONTH, MRR, GROUP))
    frame = pd.DataFrame(table.rows)
    first, last = _months(options, frame)
    found = _ledger(frame.drop(columns="group"))
    found["nrr_of_months"] = _product(found["months"], first, last)
    found["from_to"] = by_group(frame, lambda rows: _point_to_point(rows, first, last))
    return found


def _product(months: list[Figures], first: dt.date, last: dt.date) -> float | None:
    """Of the NRR of the months between; each has a cohort of its own."""
    between = [
        each["nrr"] for each in months if f"{first:%Y-%m}" < each["month"] <= f"{last:%Y-%m}"
    ]
    return None if None in between else math.prod(between)


def _subscriptions(options: Options) -> Figures:
    rows = read_table(options["file"], (OWNER, FIRST, END, PRICE)).rows
    for place, row in enumerate(rows, start=1):
        if row["end_date"] is not None and row["end_date"] < row["start_date"]:
            raise CommandError(
                f"{options['file']}: row {place}: end_date: {row['end_date']} is before "
                f"{row['start_date']}; write a later day."
            )
    found = _ledger(_month_ends(options["file"], rows))
    if options["on"]:
        on = _on(options["on"])
        running = [row["monthly_amount"] for row in rows if _runs(row, on)]
        found["on"] = {"day": str(on), "mrr": sum(running), "subscriptions": len(running)}
    return found


def _on(text: str) -> dt.date:
    try:
        return day(text)
    except Wrong as error:
        raise CommandError(f"--on: {error}") from error


def _month_ends(source: str, rows: Any) -> pd.DataFrame:
    """What was in force at the end of each month, from the first start to the last day named."""
    named = [each for row in rows for each in (row["start_date"], row["end_date"]) if each]
    months = [month_of(min(named))]
    while months[-1].last_day < max(named):
        months.append(month_of(months[-1].end))
        if len(months) > MOST_MONTHS:
            raise CommandError(f"{source}: the days lie more than {MOST_MONTHS} months apart.")
    return pd.DataFrame(
        [
            (row["customer_id"], each.start, row["monthly_amount"] * _runs(row, each.last_day))
            for each in months
            for row in rows
        ],
        columns=["customer", "month", "mrr"],
    )


def _runs(row: Any, on: dt.date) -> bool:
    return row["start_date"] <= on and (row["end_date"] is None or row["end_date"] > on)


def _ledger(snapshots: pd.DataFrame) -> Figures:
    months = monthly_movements(snapshots)
    moved = [movement_rows(rows)[list(MOVED)] for _, rows in monthly_positions(snapshots)]
    totals = {
        name: {
            "count": int(sum((each[name] > 0).sum() for each in moved)),
            "mrr": round(float(sum(each[name].sum() for each in moved)), 6),
        }
        for name in MOVED
    }
    return {"months": [_month_figures(each) for each in months], "totals": totals}


def _month_figures(found: MovementMonth) -> Figures:
    moved = found.movements
    return {
        "month": month_label(found.period),
        **asdict(moved),
        "gross_churn_rate": found.gross_churn_rate,
        "net_churn_rate": found.net_churn_rate,
        "nrr": moved.nrr,
        "grr": moved.grr,
        "customers_at_start": found.customers_at_start,
        "customers_churned": found.customers_churned,
        "customer_churn_rate": found.customer_churn_rate,
    }


def _months(options: Options, frame: pd.DataFrame) -> tuple[dt.date, dt.date]:
    """Whose ends are compared: those given, or the first and the last one of the table."""
    given = [_month_of(option, options[name]) for option, name in _MONTH_OPTIONS.items()]
    first, last = given[0] or frame["month"].min(), given[1] or frame["month"].max()
    if last < first:
        raise CommandError(f"--to: {last:%Y-%m} is before --from {first:%Y-%m}.")
    return first, last


_MONTH_OPTIONS = {"--from": "from_month", "--to": "to_month"}


def _month_of(option: str, text: str | None) -> dt.date | None:
    try:
        return month(text) if text else None
    except Wrong as error:
        raise CommandError(f"{option}: {error}") from error


def _point_to_point(rows: pd.DataFrame, first: dt.date, last: dt.date) -> Figures:
    snapshots = rows[["customer", "month", "mrr"]]
    period = Period(month_of(first).last_day + ONE_DAY, month_of(last).end)
    moved = movement_rows(positions(snapshots, period=period))
    found = movements_of(moved[MOVEMENT_COLUMNS].sum().to_dict())
    nrr, grr = (
        ratio_of(parts, wholes=moved["start"])
        for parts in (moved["kept"] + moved["expansion"], moved["kept"])
    )
    there, left = int((moved["start"] > 0).sum()), int((moved["churned"] > 0).sum())
    return {
        "from": f"{first:%Y-%m}",
        "to": f"{last:%Y-%m}",
        **asdict(found),
        **_limited("nrr", found.nrr, nrr and nrr.interval()),
        **_limited("grr", found.grr, grr and grr.share_interval()),
        "revenue_churn_rate": found.revenue_churn_rate,
        "grr_without_returned": _without_returned(snapshots, moved, first, last),
        "customer_retention_rate": 1 - left / there if there else None,
    }


def _limited(name: str, value: float | None, limits: Interval | None) -> Figures:
    low, high = limits or (None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _without_returned(
    snapshots: pd.DataFrame, moved: pd.DataFrame, first: dt.date, last: dt.date
) -> float | None:
    """GRR of which nobody counts who had no revenue at any month-end between."""
    wide = mrr_by_month(snapshots)
    between = wide.loc[:, month_number(first) : month_number(last)]
    always = (between > 0).all(axis=1)
    start = moved["start"].sum()
    return float(moved.loc[always, "kept"].sum() / start) if start else None


def _revenue_arguments(parser: ArgumentParser) -> None:
    add_file(parser)
    for option, name in _MONTH_OPTIONS.items():
        parser.add_argument(
            option, dest=name, metavar="MONTH", help="whose end counts; the table's first or last"
        )


def _subscription_arguments(parser: ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument("--on", metavar="DAY", help="what is in force on that day, as well")


KINDS = (
    Kind(
        "revenue",
        "movements of recurring revenue month by month; NRR and GRR from one month to another",
        "months: how each month's revenue became the next one's, losses without a sign. from_to: "
        "of the customers of the first month alone; it is not the product of the months.",
        "manage.py calculate revenue ledger.csv --from 2026-01 --to 2026-04",
        _revenue,
        columns=(CUSTOMER, MONTH, MRR, GROUP),
        add_arguments=_revenue_arguments,
    ),
    Kind(
        "subscriptions",
        "movements of recurring revenue month by month, from the days of subscriptions",
        "What is in force at the end of each month; one of several that ends is contraction, the "
        "last one churn, and coming back later reactivation.",
        "manage.py calculate subscriptions subscriptions.csv --on 2026-06-10",
        _subscriptions,
        columns=(OWNER, FIRST, END, PRICE),
        add_arguments=_subscription_arguments,
    ),
)
