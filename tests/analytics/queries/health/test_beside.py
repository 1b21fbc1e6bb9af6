from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from analytics.queries.health.beside import earlier_scores, last_contacts, owners, paid, renewals
from tests.analytics.health import DAY, answered, make_scored, publish, tick
from tests.customer_facts import make_event
from tests.world import DAY as ONE_DAY
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


def test_what_stands_beside_is_of_all_or_of_some() -> None:
    soon = dt.date(2027, 1, 1)
    first = make_customer(renews_on=soon, owner_email="a@b.example")
    MonthlyRevenue.objects.create(customer=first, month=dt.date(2026, 10, 1), mrr=50)
    second = make_customer()
    for each in (first, second):
        make_event(each, "contacted", NOW - ONE_DAY, ref="1")
        make_event(each, "contacted", NOW - 9 * ONE_DAY, ref="2")
        make_event(each, "trained", NOW, ref="3")
    contacted = (NOW - ONE_DAY).date()

    assert paid(None) == {first.pk: 50.0}
    assert renewals(None) == {first.pk: soon}
    assert owners(None) == {first.pk: "a@b.example"}
    assert last_contacts(None) == {first.pk: contacted, second.pk: contacted}
    assert last_contacts([second.pk]) == {second.pk: contacted}
    assert renewals([second.pk]) == owners([second.pk]) == {}


def test_what_has_no_rate_is_not_known_and_never_0() -> None:
    for currency in ("JPY", "JPY", "USD"):
        MonthlyRevenue.objects.create(
            customer=make_customer(), month=dt.date(2026, 10, 1), mrr=50, currency=currency
        )

    assert sorted(paid(None).values()) == [50.0, 50.0]


def test_a_change_is_held_against_the_score_of_28_days_before() -> None:
    publish()
    customer = make_scored(10)
    answered(customer, 10, day="2026-09-01")
    tick(DAY - dt.timedelta(days=28))

    assert earlier_scores(DAY) == {customer.pk: 100.0}
