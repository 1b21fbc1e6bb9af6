from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import Customer, Dimension, MonthlyRevenue, Respondent
from tests.customer_facts import make_event
from tests.staffing import client_as, logged_in, make_staff
from tests.world import DAY, NOW, make_person, make_respondent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_cached_choices():
    cache.clear()


def make(customer_id: str, *, mrr: int | None = None, **fields: Any) -> Customer:
    customer = Customer.objects.create(customer_id=customer_id, **fields)
    if mrr is not None:
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, 10, 1), mrr=mrr, currency="JPY"
        )
    return customer


def ids(client, query: str = "") -> list[str]:
    rows = client.get(f"/customers/{query}").context["rows"]
    return [row["customer"].customer_id for row in rows]


def test_the_list_is_searched_by_name_and_id() -> None:
    make("c1", name="株式会社青空")
    make("c2", name="Acme")
    client = client_as("cs")

    assert ids(client, "?q=青空") == ["c1"]
    assert ids(client, "?q=C2") == ["c2"]
    assert ids(client, "?q=nobody") == []


def test_the_list_is_filtered_by_state_and_owner() -> None:
    make("here", name="a", owner_email="a@koe.example")
    make("leaves", name="b", churned_on=dt.date(2999, 1, 1))
    make("gone", name="c", churned_on=dt.date(2025, 1, 1))
    client = client_as("cs")

    assert ids(client, "?state=active") == ["here", "leaves"]
    assert ids(client, "?state=churned") == ["gone"]
    assert ids(client, "?owner=a@koe.example") == ["here"]


def test_the_list_is_filtered_by_segments() -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="contains")
    Dimension.objects.create(
        name="seats",
        source="customer",
        attribute="seats",
        bands={"thresholds": ["10"], "labels": ["small", "large"]},
    )
    make("c1", name="a", attributes={"contains": "pro", "seats": "9"})
    make("c2", name="b", attributes={"contains": "pro", "seats": "1,000"})
    make("c3", name="c", attributes={"seats": "10"})
    client = client_as("cs")

    assert ids(client, "?segment-plan=pro") == ["c1", "c2"]
    assert ids(client, "?segment-plan=—") == ["c3"]
    assert ids(client, "?segment-seats=large") == ["c2", "c3"]
    assert ids(client, "?segment-seats=large&segment-plan=pro") == ["c2"]
    assert ids(client, "?segment-plan=nonsense") == ["c1", "c2", "c3"]


def test_mrr_is_that_of_the_latest_month_and_sorts_with_the_unknown_last() -> None:
    make("low", name="b", mrr=100)
    make("none", name="a")
    make("high", name="c", mrr=300)
    old = make("old", name="d")
    MonthlyRevenue.objects.create(customer=old, month=dt.date(2026, 9, 1), mrr=999)
    client = client_as("cs")

    assert ids(client, "?sort=-mrr") == ["high", "low", "none", "old"]
    assert ids(client, "?sort=mrr") == ["low", "high", "none", "old"]
    html = client.get("/customers/").content.decode()
    assert "¥300" in html
    assert "999" not in html


def test_a_row_counts_its_respondents() -> None:
    customer = make("c1")
    make_respondent(customer=customer)
    make_respondent(customer=customer)
    make("c2")

    rows = client_as("cs").get("/customers/").context["rows"]

    counts = {row["customer"].customer_id: row["customer"].respondent_count for row in rows}
    assert counts == {"c1": 2, "c2": 0}


def test_pages_follow_each_other_without_gap() -> None:
    for number in range(60):
        make(f"c{number:03}", name="same")
    client = client_as("cs")

    both = ids(client) + ids(client, "?page=2")

    assert sorted(both) == [f"c{number:03}" for number in range(60)]
    assert len(ids(client)) == 50


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    for number in range(rows):
        customer = make(f"c{number}", mrr=5, attributes={"plan": "pro"}, owner_email="a@b.example")
        Respondent.objects.create(person=make_person(), customer=customer, email="x@y.example")
    client = client_as("cs")

    with django_assert_num_queries(13):
        client.get("/customers/?segment-plan=pro&sort=-mrr")


def test_my_accounts_are_those_of_whoever_looks() -> None:
    make("mine", owner_email="CS@koe.example")
    make("theirs", owner_email="other@koe.example")
    make("nobodys")
    client = client_as("cs")

    assert ids(client, "?mine=1") == ["mine"]
    assert ids(client, "?mine=1&owner=other@koe.example") == []
    assert ids(logged_in(make_staff("cs", "other@koe.example")), "?mine=1") == ["theirs"]
    # Whose they are is not for the address to say.
    assert ids(client, "?mine=other@koe.example") == ids(client)
    assert client_as("viewer").get("/customers/?mine=1").status_code == 403


def test_who_has_no_accounts_is_told_so_and_shown_the_way_to_all() -> None:
    make("theirs", owner_email="other@koe.example")
    client = client_as("cs")

    html = client.get("/customers/?state=active&mine=1").content.decode()

    assert "No customer has cs@koe.example as its owner’s e-mail." in html
    assert 'href="?state=active"' in html
    found = logged_in(make_staff("cs", "other@koe.example")).get("/customers/?mine=1&q=x")
    assert "No customer matches" in found.content.decode()


def test_an_owner_spelt_in_two_ways_is_one_choice() -> None:
    make("c1", owner_email="Mori@koe.example")
    make("c2", owner_email="mori@koe.example")
    client = client_as("cs")

    assert ids(client, "?owner=mori@koe.example") == ["c1", "c2"]
    html = client.get("/customers/").content.decode()
    assert html.count("ori@koe.example</option>") == 1


def test_renewal_owner_and_last_contact_are_shown_and_sort_with_the_unknown_last() -> None:
    spring, autumn = dt.date(2027, 3, 31), dt.date(2027, 9, 30)
    first = make("first", name="a", renews_on=spring, owner_email="Zoe@koe.example")
    make("nothing", name="b")
    last = make("last", name="c", renews_on=autumn, owner_email="aya@koe.example")
    make_event(first, "contacted", NOW, ref="1")
    make_event(first, "contacted", NOW - 40 * DAY, ref="2")
    make_event(first, "trained", NOW + DAY, ref="3")
    make_event(last, "contacted", NOW - 20 * DAY, ref="1")
    client = client_as("cs")

    assert ids(client, "?sort=renews") == ["first", "last", "nothing"]
    assert ids(client, "?sort=-renews") == ["last", "first", "nothing"]
    assert ids(client, "?sort=owner") == ["last", "first", "nothing"]
    assert ids(client, "?sort=contact") == ["last", "first", "nothing"]
    assert ids(client, "?sort=-contact") == ["first", "last", "nothing"]
    shown = {
        row["customer"].customer_id: row["customer"].contacted_at
        for row in client.get("/customers/").context["rows"]
    }
    assert shown == {"first": NOW, "nothing": None, "last": NOW - 20 * DAY}
