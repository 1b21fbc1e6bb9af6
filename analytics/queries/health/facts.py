"""The facts that formulas read, as they were known on any of some days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from accounts.models import Dimension
from analytics.domain.health.day import Facts
from analytics.domain.health.facts.series import Series, Tenure, Values
from analytics.domain.health.formulas.formula import CapReason, Formula
from analytics.domain.health.formulas.sources import Source, SourceKind
from analytics.queries.customers.table import CustomerTable
from analytics.queries.health.sources import answers, attributes, follow_ups, recorded, revenue
from analytics.queries.health.sources.places import Customers

Reader = Callable[[Source, Customers], Series]

READERS: dict[SourceKind, Reader] = {
    SourceKind.NPS_LAST: answers.nps_last,
    SourceKind.NPS_ACCOUNT: answers.nps_account,
    SourceKind.CSAT_LAST: answers.csat_last,
    SourceKind.RESPONSE_RATE: answers.response_rate,
    SourceKind.MRR: revenue.mrr,
    SourceKind.MRR_CHANGE_3M: revenue.mrr,
    SourceKind.MRR_CHANGE_12M: revenue.mrr,
    SourceKind.ATTRIBUTE: attributes.attribute,
    SourceKind.SEATS: recorded.seats,
    SourceKind.DAYS_TO_RENEWAL: recorded.days_to_renewal,
    SourceKind.PULSE: recorded.pulse,
    SourceKind.USAGE: recorded.usage,
    SourceKind.EVENTS: recorded.events,
    SourceKind.ONBOARDING_DONE: recorded.onboarding_done,
    SourceKind.OPEN_FOLLOW_UPS: follow_ups.open_follow_ups,
}


def read_facts(
    formulas: Sequence[Formula],
    *,
    first: int,
    last: int,
    beside: Iterable[SourceKind] = (),
) -> tuple[Facts, Customers]:
    """Of the days from `first` to `last`; `beside` are sources that no formula has to name."""
    names = sorted({name for each in formulas for name in each.applies_to})
    dimensions = list(Dimension.objects.filter(source="customer", name__in=names))
    table = CustomerTable(dimensions)
    started, churned = (_numbers(table.dates[name]) for name in ("started_on", "churned_on"))
    customers = Customers(table.customers.to_numpy(), first, last, longest_window(formulas))
    wanted = {source for each in formulas for source in each.sources} | set(map(Source, beside))
    series = {
        source: Tenure(started)
        if source.kind is SourceKind.TENURE_MONTHS
        else READERS[source.kind](source, customers)
        for source in wanted
    }
    caps = _caps(formulas, customers)
    return Facts(started, churned, series, _segments(table, names), caps), customers


def _caps(
    formulas: Sequence[Formula], customers: Customers
) -> dict[CapReason, Callable[[int], NDArray[np.bool_]]]:
    """Whom a cap holds on a day; read only where a formula has one."""
    if not any(each.caps for each in formulas):
        return {}
    found = follow_ups.open_follow_ups(Source(SourceKind.OPEN_FOLLOW_UPS), customers)
    return {CapReason.OPEN_FOLLOW_UP: lambda day: found.open_on(day) > 0}


def longest_window(formulas: Iterable[Formula]) -> int:
    """In calendar days, before the first day: further back no window of usage reaches."""
    windows = (
        # Working days are five in seven, and fewer around holidays.
        each.window_days * (1 + each.is_change) * (2 if each.window_counts == "working" else 1)
        for formula in formulas
        for each in formula.measures
    )
    return max(windows, default=0)


def _segments(table: CustomerTable, names: Sequence[str]) -> Callable[[int], pd.DataFrame]:
    def on(day: int) -> pd.DataFrame:
        # What became known on the day itself counts.
        found = table.on(dt.date(1970, 1, 1) + dt.timedelta(days=day + 1))
        missing = [name for name in names if name not in found.columns]
        return found.assign(**dict.fromkeys(missing, ""))

    return on


def _numbers(days: pd.Series) -> Values:
    """Days since 1970; NaN where there is none."""
    values: NDArray[np.datetime64] = days.to_numpy().astype("datetime64[D]")
    found: Values = values.astype(np.int64).astype(np.float64)
    found[np.isnat(values)] = np.nan
    return found
