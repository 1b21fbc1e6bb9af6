from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.facts.known import Told
from accounts.models import ImportedFact, MonthlyRevenue, Pulse
from accounts.queries.facts.known import known_facts
from tests.customer_facts import day, make_event, make_readings
from tests.world import NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_nothing_told_of_is_not_known() -> None:
    make_customer(churn_reason="", seats=None)

    assert known_facts() == {}


def test_each_fact_is_known_from_its_first_day_to_its_last() -> None:
    customer = make_customer()
    make_readings(customer, "logins", {day(40): 1, day(2): 0})
    make_event(customer, "trained", NOW - dt.timedelta(days=9))
    make_event(customer, "trained", NOW - dt.timedelta(days=3))
    make_event(customer, "referred", NOW - dt.timedelta(days=5))
    ImportedFact.objects.create(fact="events:referred", first_on=day(4), last_on=day(1))
    ImportedFact.objects.create(fact="seats", first_on=day(8), last_on=day(7))
    month = dt.date(2026, 9, 1)
    MonthlyRevenue.objects.create(customer=customer, month=month, mrr=1, product="base")
    Pulse.objects.create(customer=customer, at=NOW, value=5, reason="-")

    assert known_facts() == {
        "usage:logins": Told(day(40), day(2)),
        "events:trained": Told(day(9), day(3)),
        "events:referred": Told(day(5), day(1)),
        "seats": Told(day(8), day(7)),
        "products": Told(month, month),
        "pulse": Told(day(0), day(0)),
    }
