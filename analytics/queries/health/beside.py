"""What stands beside a health score in a list: of all customers, or of those of a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from django.db.models import Max, Q

from accounts.domain.facts.events import EventKind
from accounts.models import Customer, Event
from analytics.queries.customers.table import last_known_month, read_revenue
from analytics.queries.database.clock import day_of
from analytics.queries.health.scores import scores_of_day

# What a change is held against.
BACK = dt.timedelta(days=28)
# Of the customers, or of all (None): by primary key, without those of whom it is not known.
Reader: TypeAlias = Callable[[Collection[int] | None], Mapping[int, Any]]


def paid(pks: Collection[int] | None) -> Mapping[int, float]:
    """In the last month that is known; without those for whose currency no rate is."""
    month = last_known_month()
    rows = read_revenue([month] if month else []).set_index("customer")["mrr"].dropna()
    return {int(pk): float(amount) for pk, amount in rows.items()}  # type: ignore[call-overload]


def earlier_scores(day: dt.date) -> Mapping[int, float]:
    return scores_of_day(day - BACK)


def renewals(pks: Collection[int] | None) -> Mapping[int, dt.date]:
    rows = Customer.objects.filter(_of("pk", pks), renews_on__isnull=False).order_by()
    return {pk: day for pk, day in rows.values_list("pk", "renews_on") if day is not None}


def owners(pks: Collection[int] | None) -> Mapping[int, str]:
    rows = Customer.objects.filter(_of("pk", pks)).exclude(owner_email="").order_by()
    return dict(rows.values_list("pk", "owner_email"))


def last_contacts(pks: Collection[int] | None) -> Mapping[int, dt.date]:
    rows = Event.objects.filter(_of("customer", pks), kind=EventKind.CONTACTED).order_by()
    found = rows.values_list("customer").annotate(last=Max("at"))
    return {pk: day_of(at) for pk, at in found}


def _of(field: str, pks: Collection[int] | None) -> Q:
    return Q() if pks is None else Q(**{f"{field}__in": pks})
