"""Late onboarding: the part of the metrics report that lists whose."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from accounts.models import Customer
from analytics.counting.onboarding import read_late_onboarding
from analytics.queries.filters import Filters
from analytics.reports.report import Flag, Kind, Table, columns_of, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCustomer:
    customer_id: Annotated[str, Kind.TEXT]
    name: Annotated[str, Kind.TEXT]
    started_on: Annotated[str, Kind.DATE]
    # Until completion, or so far.
    days: Annotated[float, Kind.DAYS]
    completed: Flag


COLUMNS = columns_of(LateCustomer)


@dataclass(frozen=True, slots=True)
class Late:
    # Of the year before the period.
    median_before: float
    # The longest first.
    customers: tuple[LateCustomer, ...]

    def tables(self) -> list[Table]:
        return [
            Table("late_onboarding", COLUMNS, [values_of(row, COLUMNS) for row in self.customers])
        ]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def late_of(filters: Filters, *, today: dt.date) -> Late | None:
    found = read_late_onboarding(filters, today=today)
    if found is None:
        return None
    rows = found.customers
    named = Customer.objects.in_bulk([int(pk) for pk in rows.index])
    return Late(
        found.median_before,
        tuple(
            LateCustomer(
                customer_id=named[pk].customer_id,
                name=named[pk].name,
                started_on=f"{started:%Y-%m-%d}",
                days=float(days),
                completed=bool(completed),
            )
            for pk, started, days, completed in rows[
                ["started_on", "days", "completed"]
            ].itertuples()
        ),
    )
