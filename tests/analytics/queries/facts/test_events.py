from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from analytics.queries.facts.events import all_events
from tests.customer_facts import make_event
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# Midnight of 24 November in Tokyo, where the organisation is.
MIDNIGHT = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def tokyo(settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"


def test_all_events_are_those_of_the_kinds_by_the_clock_of_the_organisation() -> None:
    customer, other = make_customer(), make_customer()
    make_event(other, "ticket_replied", MIDNIGHT + SECOND, ref='a "b", c')
    make_event(customer, "ticket_opened", MIDNIGHT - SECOND, ref="二")
    make_event(customer, "ticket_opened", MIDNIGHT + dt.timedelta(days=400))
    make_event(customer, "purchased", MIDNIGHT, value=Decimal("12.5"))

    found = all_events({"ticket_opened", "ticket_replied"})

    assert list(found["customer"]) == [customer.pk, other.pk, customer.pk]
    assert list(found["kind"]) == ["ticket_opened", "ticket_replied", "ticket_opened"]
    assert list(found["ref"]) == ["二", 'a "b", c', ""]
    assert str(found["at"][0]) == "2026-11-23 23:59:59"
    assert str(found["at"][1]) == "2026-11-24 00:00:01"
    assert found["value"].isna().all()
    assert list(all_events({"purchased"})["value"]) == [12.5]
    assert all_events({"referred"}).empty
