"""The rows that tell of one customer over time, the newest of each kind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Customer, Dimension, Event, Measure, Pulse, Reading
from accounts.queries.facts.contacts import pulses_of
from analytics.queries.database.clock import day_of
from surveys.models import Invitation, Response
from surveys.queries.people.lookup import Billed, responses_of, revenue_of

# Of each kind; a longer story is in the lists.
AT_MOST = 200
MONTHS = 24
# The windows of usage that are compared, one after the other.
USAGE_DAYS = 28 * 13


def events_of(customer: Customer, *, at_most: int) -> list[Event]:
    """Contacts among them."""
    rows = Event.objects.filter(customer=customer).select_related("respondent", "created_by")
    return list(rows[:at_most])


def asked_by_day(customer: Customer, *, at_most: int) -> list[tuple[dt.date, str, int]]:
    """How many respondents a campaign e-mailed on a day."""
    rows = Invitation.objects.filter(respondent__customer=customer, sent_at__isnull=False)
    sent = rows.order_by("-sent_at").values_list("sent_at", "campaign__name")[:at_most]
    found = Counter((day_of(at), name) for at, name in sent if at is not None)
    return [(day, name, number) for (day, name), number in found.items()]


def versions_of(customer: Customer) -> list[tuple[dt.date, Mapping[str, Any]]]:
    """Attributes as they became known, oldest first."""
    rows = customer.versions.order_by("known_from")
    return list(rows.values_list("known_from", "attributes"))


def terms_of(customer: Customer) -> list[tuple[dt.date, Mapping[str, Any]]]:
    rows = customer.terms.order_by("known_from").values_list("known_from", "renews_on", "seats")
    return [(day, {"renews_on": renews_on, "seats": seats}) for day, renews_on, seats in rows]


def labels_of_attributes() -> dict[str, str]:
    """What is banded is named by its bands' name where no segment has it as it is."""
    own = Dimension.objects.filter(source=Dimension.Source.CUSTOMER, divisor="")
    return {each.attribute: str(each) for each in sorted(own, key=lambda row: not row.bands)}


def readings_of(customer: Customer, *, until: dt.date) -> dict[str, dict[dt.date, float]]:
    """By measure and day. Days are listed, so that each is found by the key."""
    days = [until - dt.timedelta(days=back) for back in range(USAGE_DAYS)]
    keys = dict(Measure.objects.values_list("pk", "key"))
    rows = Reading.objects.filter(measure__in=list(keys), day__in=days, customer=customer)
    found: dict[str, dict[dt.date, float]] = {}
    for measure, day, value in rows.values_list("measure_id", "day", "value"):
        found.setdefault(keys[measure], {})[day] = float(value)
    return found


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of one customer over time; lists are newest first, states oldest first."""

    customer: Customer
    today: dt.date
    responses: list[Response]
    asked: list[tuple[dt.date, str, int]]
    events: list[Event]
    pulses: list[tuple[Pulse, bool]]
    readings: Mapping[str, Mapping[dt.date, float]]
    # Of each month what was paid; None: nothing.
    revenue: list[tuple[dt.date, Billed | None]]
    attributes: list[tuple[dt.date, Mapping[str, Any]]]
    terms: list[tuple[dt.date, Mapping[str, Any]]]
    # What readers call the attributes that are segments as they are.
    labels: Mapping[str, str]


def read_story(customer: Customer, *, now: dt.datetime) -> Story:
    today = day_of(now)
    return Story(
        customer,
        today,
        responses=responses_of(customer, at_most=AT_MOST),
        asked=asked_by_day(customer, at_most=AT_MOST),
        events=events_of(customer, at_most=AT_MOST),
        pulses=pulses_of(customer, now=now, at_most=AT_MOST),
        readings=readings_of(customer, until=today),
        revenue=revenue_of(customer, months=MONTHS),
        attributes=versions_of(customer),
        terms=terms_of(customer),
        labels=labels_of_attributes(),
    )
