from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.access.roles import Role
from accounts.models import (
    Customer,
    CustomerTerms,
    Event,
    Measure,
    MonthlyRevenue,
    Pulse,
    Reading,
    ReadingSpan,
)
from accounts.queries.facts.known import known_facts
from surveys.demo.facts.told import Told
from surveys.demo.facts.writing import note_facts, write_facts
from tests.staffing import make_staff
from tests.surveys.demo.facts.told_worlds import WINDOW, told_of
from tests.surveys.demo.made import NOW, World
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def written(made: World) -> tuple[Customer, Told]:
    """The first company that was judged; cs@koe.example looks after it."""
    make_staff(Role.CS, email="cs@koe.example")
    told = next(each for each in told_of(made) if each.pulses and not each.company.churned_on)
    customer = make_customer(owner_email="cs@koe.example")
    write_facts([(customer, told)])
    note_facts(window=WINDOW)
    return customer, told


def test_what_is_told_of_a_company_is_in_its_rows(usual: World) -> None:
    customer, told = written(usual)

    revenue = MonthlyRevenue.objects.values_list("month", "product", "mrr", "quantity")
    assert sorted(revenue) == sorted(
        (each.month, each.product, Decimal(each.mrr), Decimal(each.quantity)) for each in told.sold
    )
    terms = CustomerTerms.objects.filter(customer=customer)
    assert list(terms.order_by("known_from").values_list("known_from", "renews_on", "seats")) == [
        (each.known_from, each.renews_on, each.seats) for each in told.terms
    ]
    readings = Reading.objects.order_by("day").values_list("measure__key", "day", "value")
    for name, days in told.usage.items():
        assert [(day, int(value)) for key, day, value in readings if key == name] == days
    assert Event.objects.count() == len(told.events)
    assert Pulse.objects.count() == len(told.pulses)


def test_files_of_the_night_told_of_the_day_before_and_a_contact_was_written_by_its_owner(
    usual: World,
) -> None:
    written(usual)

    reading = Reading.objects.order_by("-day")[0]
    assert reading.known_from == reading.day + dt.timedelta(days=1)
    contact = Event.objects.filter(kind="contacted")[0]
    assert contact.created_by is not None
    assert contact.created_by.email == "cs@koe.example"
    assert contact.known_from == contact.at.date()
    ticket = Event.objects.filter(kind="ticket_opened")[0]
    assert (ticket.created_by, ticket.channel) == (None, "")
    assert ticket.known_from == ticket.at.date() + dt.timedelta(days=1)


def test_measures_say_since_when_and_until_when_they_came(usual: World) -> None:
    _, told = written(usual)

    measure = Measure.objects.get(key="logins")
    days = [day for day, _ in told.usage["logins"]]
    assert (measure.first_day, measure.last_day) == (days[0], days[-1])
    assert len(measure.recent_days) == 40
    span = ReadingSpan.objects.get(measure=measure)
    assert (span.first_day, span.last_day) == (days[0], days[-1])


def test_every_fact_is_known_up_to_the_last_night(usual: World) -> None:
    written(usual)

    known = known_facts()
    assert {"churn", "churn_reason", "renews_on", "seats", "products", "pulse"} <= known.keys()
    assert known["churn"].since == WINDOW.firsts[0]
    assert {known[each].until for each in ("churn", "seats", "events:ticket_opened")} == {
        NOW.date()
    }
