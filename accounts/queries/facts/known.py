"""What is known at all: a fact that no file told of is unknown, not zero."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Min
from django.utils import timezone

from accounts.domain.facts.known import Told, event_fact, usage_fact
from accounts.models import Event, ImportedFact, Measure, MonthlyRevenue, Pulse


def known_facts() -> dict[str, Told]:
    """Since when and until when each fact is known; what is not in it never was.

    Keys: `churn`, `churn_reason`, `renews_on`, `seats`, `products`, `pulse`, `usage:MEASURE` and
    `events:KIND`. Of usage the days are those that have readings. Of events the first is that of
    the first event, the last that of the latest event or file: a file without the kind on its
    last days says that there was none. Of products they are the first days of months.
    """
    told = {row.fact: Told(row.first_on, row.last_on) for row in ImportedFact.objects.all()}
    return told | _usage() | _events(told) | _products() | _pulses()


def _usage() -> dict[str, Told]:
    spans = Measure.objects.values_list("key", "first_day", "last_day")
    return {usage_fact(key): Told(first, last) for key, first, last in spans if first and last}


def _events(told: dict[str, Told]) -> dict[str, Told]:
    found = {}
    for kind in _kinds():
        rows, fact = Event.objects.filter(kind=kind).order_by(), event_fact(kind)
        first = timezone.localdate(rows.aggregate(first=Min("at"))["first"])
        last = timezone.localdate(rows.aggregate(last=Max("at"))["last"])
        found[fact] = Told(first, max(last, told[fact].until) if fact in told else last)
    return found


def _kinds() -> Iterable[str]:
    """Those that occur, from one to the next in the index: a list of all rows would be long."""
    kind = ""
    while found := Event.objects.filter(kind__gt=kind).aggregate(next=Min("kind"))["next"]:
        kind = found
        yield kind


def _products() -> dict[str, Told]:
    rows = MonthlyRevenue.objects.exclude(product="").order_by()
    first = rows.aggregate(first=Min("month"))["first"]
    if first is None:
        return {}
    return {"products": Told(first, rows.aggregate(last=Max("month"))["last"])}


def _pulses() -> dict[str, Told]:
    found = Pulse.objects.order_by().aggregate(first=Min("at"), last=Max("at"))
    if found["first"] is None:
        return {}
    return {"pulse": Told(timezone.localdate(found["first"]), timezone.localdate(found["last"]))}
