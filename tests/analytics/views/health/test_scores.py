"""The list of customers by health."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer
from analytics.services.health.overrides import set_band
from tests.analytics.health import DAY, NOW, make_scored, publish, tick
from tests.customer_facts import make_event
from tests.staffing import client_as, logged_in, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = "/analytics/health/"


def names_in(page: str) -> list[str]:
    """In the order of the page."""
    return sorted((name for name in ("Acme", "Bravo", "Carol") if name in page), key=page.index)


def three_customers() -> None:
    publish()
    make_scored(9, name="Bravo", owner_email="cs@koe.example")
    make_scored(0, name="Carol")
    make_scored(10, name="Acme", mrr={"2026-10": 10})
    tick()


def test_the_worst_come_first_and_columns_sort(viewer: Client) -> None:
    three_customers()

    assert names_in(viewer.get(URL).content.decode()) == ["Carol", "Acme", "Bravo"]
    assert names_in(viewer.get(f"{URL}?sort=-name").content.decode()) == ["Carol", "Bravo", "Acme"]
    assert names_in(viewer.get(f"{URL}?sort=mrr").content.decode())[0] == "Acme"


def test_who_left_is_neither_listed_nor_scored(viewer: Client) -> None:
    three_customers()
    make_scored(10, name="Gone", churned_on=DAY - dt.timedelta(days=3))

    with CaptureQueriesContext(connection) as asked:
        page = viewer.get(URL).content.decode()

    assert "Gone" not in page
    assert not [each for each in asked if "churned_on" in each["sql"].partition("WHERE")[2]]


def test_it_is_narrowed_by_band_name_and_owner() -> None:
    three_customers()
    client = client_as("cs")

    assert names_in(client.get(f"{URL}?band=risk").content.decode()) == ["Carol"]
    assert names_in(client.get(f"{URL}?q=acm").content.decode()) == ["Acme"]
    assert names_in(client.get(f"{URL}?mine=1").content.decode()) == ["Bravo"]
    assert "Acme" not in client.get(f"{URL}?band=risk&format=csv").content.decode()


def test_renewal_contact_and_answer_stand_beside_and_sort_and_go_into_the_file() -> None:
    three_customers()
    bravo, carol = (Customer.objects.get(name=name) for name in ("Bravo", "Carol"))
    Customer.objects.filter(pk=carol.pk).update(renews_on=dt.date(2027, 3, 31))
    make_event(bravo, "contacted", NOW - dt.timedelta(days=2), ref="1")
    client = client_as("cs")

    for sort, first in (("renews", "Carol"), ("-contact", "Bravo"), ("owner", "Bravo")):
        assert names_in(client.get(f"{URL}?sort={sort}").content.decode())[0] == first, sort
    assert "2027-03-31" in client.get(URL).content.decode()
    text = client.get(f"{URL}?format=csv&sort=-score").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["Bravo", "Acme", "Carol"]
    assert (rows[0]["owner"], rows[0]["last_contact_on"]) == ("cs@koe.example", "2026-11-20")
    assert (rows[0]["last_answer_on"], rows[2]["renews_on"]) == ("2026-11-01", "2027-03-31")
    for_viewers = client_as("viewer").get(f"{URL}?format=csv").content.decode()
    assert "cs@koe.example" not in for_viewers
    assert "last_answer_on" in for_viewers


def test_viewers_see_no_address(viewer: Client) -> None:
    three_customers()

    assert "cs@koe.example" not in viewer.get(URL).content.decode()
    assert "cs@koe.example" in client_as("admin").get(URL).content.decode()


def test_a_band_set_by_hand_leaves_the_computed_one_in_sight(viewer: Client) -> None:
    publish()
    customer = make_scored(0, name="Carol")
    tick()
    staff = make_staff("cs", "other@koe.example")
    set_band(
        customer, band="good", reason="x", until=DAY.replace(day=30), by=staff, now=NOW, today=DAY
    )

    page = viewer.get(URL).content.decode()

    assert "set by hand; computed: risk" in page


def test_without_a_formula_an_admin_is_led_to_write_one(viewer: Client) -> None:
    assert "No health formula is published yet" in viewer.get(URL).content.decode()
    admin = logged_in(make_staff("admin", "boss@koe.example"))
    assert "/analytics/health/formulas/" in admin.get(URL).content.decode()


def test_the_number_of_queries_does_not_grow(viewer: Client, django_assert_max_num_queries) -> None:
    publish()
    for place in range(12):
        make_scored(place % 10)
    tick()

    with django_assert_max_num_queries(40):
        viewer.get(URL)
