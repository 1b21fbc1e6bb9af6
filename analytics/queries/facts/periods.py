"""What the metrics of a period read, in one go, and what was ever told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from accounts.domain.facts.events import EventKind
from accounts.domain.facts.known import event_fact
from accounts.queries.facts.known import known_facts
from analytics.domain.customers.known import Known
from analytics.domain.metrics.facts import Facts
from analytics.domain.periods import Period
from analytics.queries.customers.table import customer_table
from analytics.queries.database.snapshot import once
from analytics.queries.facts.events import all_events
from analytics.queries.facts.terms import renewal_dates

RENEWS_ON = "renews_on"


def facts_of(period: Period, *, needed: Collection[str], today: dt.date) -> Facts:
    """With the events of the facts that are needed; an event is read from the beginning on."""
    kinds = [kind for kind in EventKind if event_fact(kind) in needed]
    renewals = once("renewal dates", renewal_dates)[["customer", RENEWS_ON]]
    return Facts(period, today, customer_table().dates, all_events(kinds), renewals)


def facts_known_in(period: Period, *, today: dt.date) -> set[str]:
    """The facts that are known of nearly all days of the period that have come.

    Renewal dates are known from the first file that had them: they say what lies before it, too.
    """
    told = once("known facts", known_facts)
    end = min(period.end, today + dt.timedelta(days=1))
    if period.start >= end:
        return set()
    come = Period(period.start, end)
    known = {name for name, each in told.items() if Known(each.since, each.until).covers(come)}
    return known | ({RENEWS_ON} & told.keys())
