from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from analytics.queries.facts.events import all_events, event_window, events_between
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


def test_days_are_those_of_the_organisation() -> None:
    customer = make_customer()
    for at in (MIDNIGHT - SECOND, MIDNIGHT, MIDNIGHT + dt.timedelta(days=1)):
        make_event(customer, "ticket_opened", at)

    found = events_between(["ticket_opened"], since=TODAY, until=TODAY)

    assert [at.to_pydatetime() for at in found["at"]] == [MIDNIGHT]
    assert len(events_between(["ticket_opened"], until=TODAY)) == 2
    assert events_between(["purchased"], until=TODAY).empty


def test_a_window_counts_events_their_days_and_their_values() -> None:
    customer, other = make_customer(), make_customer()
    make_event(customer, "purchased", MIDNIGHT, value=10, ref="a")
    make_event(customer, "purchased", MIDNIGHT + SECOND, value=30, ref="b")
    make_event(customer, "purchased", MIDNIGHT - dt.timedelta(days=2), ref="c")
    make_event(customer, "purchased", MIDNIGHT - dt.timedelta(days=90), ref="d")
    make_event(other, "referred", MIDNIGHT)

    found = event_window("purchased", until=TODAY, days=28)

    assert list(found.index) == [customer.pk]
    assert found.loc[customer.pk].to_dict() == {
        "count": 3.0, "sum": 40.0, "mean": 20.0, "last": 30.0, "max": 30.0, "days_active": 2.0,
        "days_since": 0.0,
    }  # fmt: skip
    referred = event_window("referred", until=TODAY, days=28).loc[other.pk]
    assert (referred["count"], np.isnan(referred["sum"])) == (1.0, True)
    assert event_window("community", until=TODAY, days=28).empty


def test_nothing_later_leaks_into_a_past_day() -> None:
    customer = make_customer()
    make_event(customer, "trained", MIDNIGHT - dt.timedelta(days=40))
    past = TODAY - dt.timedelta(days=30)
    before = event_window("trained", until=past, days=28)
    make_event(customer, "trained", MIDNIGHT - dt.timedelta(days=29))

    assert event_window("trained", until=past, days=28).equals(before)


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
