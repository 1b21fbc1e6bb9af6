"""Metrics that are times: how long each took, and which are still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from accounts.domain.facts.events import EventKind
from analytics.domain.metrics.facts import Facts
from analytics.domain.metrics.tickets import tickets
from analytics.domain.statistics.survival import (
    duration,
    duration_limits,
    kaplan_meier,
    widening,
)

HOUR = pd.Timedelta(hours=1)
DAY = pd.Timedelta(days=1)


class Duration(NamedTuple):
    """By when a share of them have ended."""

    value: float | None
    low: float | None
    high: float | None


def onboarding_days(facts: Facts) -> pd.DataFrame:
    """Of those who left before it was complete the wait ends with their leaving."""
    started = facts.dates["started_on"]
    started = started[facts.ends_in(started)]
    done = facts.of(EventKind.ONBOARDING_COMPLETED).groupby("customer")["at"].min()
    at = done.reindex(started.index).dt.normalize()
    gone = facts.dates["churned_on"].reindex(started.index)
    ends = gone.where(gone < facts.end, facts.end - DAY)
    closed = at.notna() & ~(gone < at)
    return _waits(started.index, at.where(closed, ends) - started, closed=closed, unit=DAY)


def late_onboarding(facts: Facts, *, than: float) -> pd.DataFrame:
    """By customer `started_on`, `days` and `completed`: of those that started in the period, took
    or wait longer than so many days, and did not leave before; the longest first."""
    waits = onboarding_days(facts).set_index("customer")
    left = facts.dates["churned_on"].reindex(waits.index) < facts.end
    late = waits[(waits["time"] > than) & (waits["closed"] | ~left)]
    found = late.rename(columns={"time": "days", "closed": "completed"})
    found.insert(0, "started_on", facts.dates["started_on"].reindex(found.index))
    return found.sort_values(["days", "started_on"], ascending=[False, True])


def first_response_hours(facts: Facts) -> pd.DataFrame:
    rows = tickets(facts, EventKind.TICKET_REPLIED, since=facts.start)
    rows = rows[facts.ends_in(rows["opened"])]
    closed = rows["then"].notna()
    waited = rows["then"].where(closed, facts.end) - rows["opened"]
    return _waits(rows["customer"], waited, closed=closed, unit=HOUR)


TIMES: Mapping[str, Callable[[Facts], pd.DataFrame]] = {
    "onboarding_days": onboarding_days,
    "first_response_hours": first_response_hours,
    "first_response_hours_p90": first_response_hours,
}
HALF = 0.5
# By when a share of the waits have ended, where it is not half of them.
SHARES_ENDED: Mapping[str, float] = {"first_response_hours_p90": 0.9}


def duration_of(waits: pd.DataFrame, *, share: float = HALF) -> Duration:
    """Clustered by customer; of several waits of one and the same nobody can tell limits."""
    days, closed, customers = waits["time"], waits["closed"], waits["customer"]
    steps = kaplan_meier(days, churned=closed)
    widen = widening(steps, days=days, churned=closed, clusters=customers, share=share)
    limits = (None, None) if widen is None else duration_limits(steps, share=share, widen=widen)
    return Duration(duration(steps, share=share), *limits)


def _waits(
    customers: pd.Index | pd.Series, waited: pd.Series, *, closed: pd.Series, unit: pd.Timedelta
) -> pd.DataFrame:
    """A wait is not negative: what was completed before the start took no time."""
    return pd.DataFrame(
        {
            "customer": np.asarray(customers),
            "time": np.maximum(waited.dt.total_seconds().to_numpy() / unit.total_seconds(), 0.0),
            "closed": np.asarray(closed, dtype=bool),
        }
    )
