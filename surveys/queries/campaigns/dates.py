"""The dates of customers and respondents that a campaign can go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Max
from django.db.models.fields.json import KeyTextTransform

from accounts.domain.facts.events import EventKind
from accounts.models import Customer, Event, Respondent
from surveys.queries.calendar.days import day_of

COLUMNS = ("renews_on", "started_on", "churned_on")
EVENTS = (EventKind.ONBOARDING_COMPLETED, EventKind.TICKET_RESOLVED, EventKind.TRAINED)
OF_CUSTOMER, OF_RESPONDENT = "customer:", "respondent:"
# Of so many rows the attributes are looked through for dates, to be offered.
_SAMPLE = 200

# (respondent, customer)
Row = tuple[int, int | None]


def dates_known() -> dict[str, str]:
    """The dates that are attributes, by the name under which a campaign goes by them."""
    found: dict[str, str] = {}
    for prefix, rows in (
        (OF_CUSTOMER, Customer.objects.all()),
        (OF_RESPONDENT, Respondent.objects),
    ):
        sample: Any = rows.order_by("-pk").values_list("attributes", flat=True)[:_SAMPLE]
        names = {name for each in sample for name, value in each.items() if _day(value)}
        found |= {f"{prefix}{name}": name for name in sorted(names)}
    return found


def dates_of(name: str, rows: Collection[Row], *, now: dt.datetime) -> dict[int, dt.date]:
    """The date of each respondent of whom it is known."""
    if name.startswith(OF_RESPONDENT):
        attribute = KeyTextTransform(name.removeprefix(OF_RESPONDENT), "attributes")
        own = Respondent.objects.filter(pk__in=[pk for pk, _ in rows])
        return _days(own.values_list("pk", attribute))
    if name in EVENTS:
        return _dates_of_events(name, rows, now=now)
    customers = Customer.objects.filter(pk__in={customer for _, customer in rows if customer})
    column: Any = name
    if name.startswith(OF_CUSTOMER):
        column = KeyTextTransform(name.removeprefix(OF_CUSTOMER), "attributes")
    elif name not in COLUMNS:
        return {}
    known = _days(customers.values_list("pk", column))
    return {pk: known[customer] for pk, customer in rows if customer in known}


def _dates_of_events(name: str, rows: Collection[Row], *, now: dt.datetime) -> dict[int, dt.date]:
    """The last one: the respondent's own, or one of the customer that names nobody."""
    customers = {customer for _, customer in rows if customer}
    happened = Event.objects.filter(kind=name, customer__in=customers, at__lte=now)
    latest = happened.order_by().values_list("customer", "respondent").annotate(at=Max("at"))
    known = {(customer, respondent): at for customer, respondent, at in latest}
    found = {}
    for pk, customer in rows:
        moments = [known.get((customer, whose)) for whose in (pk, None)]
        if last := max((each for each in moments if each is not None), default=None):
            found[pk] = day_of(last)
    return found


def _days(rows: Iterable[tuple[int, Any]]) -> dict[int, dt.date]:
    found = ((pk, _day(value)) for pk, value in rows)
    return {pk: day for pk, day in found if day is not None}


def _day(value: Any) -> dt.date | None:
    """A day as an import writes it; texts that are none are no dates."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
