"""Customers whose onboarding takes longer than it did for most of the year before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from accounts.domain.facts.events import EventKind
from accounts.domain.facts.known import event_fact
from analytics.counting.customers import ChosenCustomers
from analytics.domain.metrics.times import duration_of, late_onboarding, onboarding_days
from analytics.domain.metrics.windows import YEAR
from analytics.domain.periods import Period
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.facts.periods import KnownFacts, facts_of
from analytics.queries.filters import Filters, scope_of

COMPLETED = event_fact(EventKind.ONBOARDING_COMPLETED)


@dataclass(frozen=True, slots=True, eq=False)
class LateOnboarding:
    # Of the customers that started in the year before the period, as was known when it began.
    median_before: float
    # By customer `started_on`, `days` so far or until completion, and whether it is `completed`.
    customers: pd.DataFrame


@one_snapshot()
def read_late_onboarding(filters: Filters, *, today: dt.date) -> LateOnboarding | None:
    """None where there is no such median, or no file told of completions."""
    scope, period = scope_of(filters), filters.period
    before = Period(period.start - YEAR, period.start)
    if not scope.about_customers or not _knows(period, today) or not _knows(before, today):
        return None
    chosen = ChosenCustomers(scope, periods=[period]).on(period).index
    needed = {COMPLETED}
    earlier = onboarding_days(facts_of(before, needed=needed, today=today))
    median = duration_of(earlier[earlier["customer"].isin(chosen)]).value
    if median is None:
        return None
    late = late_onboarding(facts_of(period, needed=needed, today=today), than=median)
    return LateOnboarding(median, late[late.index.isin(chosen)])


def _knows(period: Period, today: dt.date) -> bool:
    return COMPLETED in KnownFacts(period, today=today).within()
