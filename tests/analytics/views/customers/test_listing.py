from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import AuditEvent, Customer, Dimension, MonthlyRevenue, Respondent
from analytics.models import HealthOverride
from surveys.domain.states import InvitationState
from tests.analytics import health
from tests.customer_facts import make_event
from tests.staffing import client_as, logged_in, make_staff
from tests.world import DAY, NOW, answer, make_invitation, make_person, make_respondent

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
    return [row.customer.customer_id for row in rows]


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

    with django_assert_num_queries(15):
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
        row.customer.customer_id: row.customer.contacted_at
        for row in client.get("/customers/").context["rows"]
    }
    assert shown == {"first": NOW, "nothing": None, "last": NOW - 20 * DAY}


def answered(customer: Customer, *scores: int, back: int = 0) -> None:
    """Scores from the newest to the oldest, of different days."""
    for days, score in enumerate(scores):
        at = NOW - (back + days) * DAY
        invitation = make_invitation(
            make_respondent(customer=customer), state=InvitationState.SENT, sent_at=at
        )
        answer(invitation, score, at=at)


def test_last_score_and_last_answer_are_shown_and_sort_with_the_unknown_last() -> None:
    answered(make("b", name="a"), 9, 2)
    answered(make("a", name="b"), 3, back=5)
    make("c", name="c")
    client = client_as("cs")

    assert ids(client, "?sort=score") == ["a", "b", "c"]
    assert ids(client, "?sort=-score") == ["b", "a", "c"]
    assert ids(client, "?sort=answered") == ["a", "b", "c"]
    assert ids(client, "?sort=-answered") == ["b", "a", "c"]
    rows = client.get("/customers/").context["rows"]
    assert [(row.score, row.category, row.answered_on) for row in rows] == [
        (9, "promoter", NOW.date()), (3, "detractor", (NOW - 5 * DAY).date()), (None, "", None),
    ]  # fmt: skip


def test_health_is_shown_and_sorts_and_those_at_risk_are_a_view() -> None:
    health.publish()
    good, bad = health.make_scored(10), health.make_scored(0)
    nobody = make("nobody", name="zz")
    health.tick(timezone.localdate() - DAY)
    client = client_as("cs")
    names = {good.customer_id: "good", bad.customer_id: "bad", nobody.customer_id: "nobody"}

    def shown(query: str) -> list[str]:
        return [names[each] for each in ids(client, query)]

    assert shown("?sort=health") == ["bad", "good", "nobody"]
    assert shown("?sort=-health") == ["good", "bad", "nobody"]
    assert shown("?view=risk") == ["bad"]
    # By hand the other way round.
    for each, band in ((good, "risk"), (bad, "good")):
        HealthOverride.objects.create(
            customer=each, band=band, reason="x", since=health.DAY,
            until=timezone.localdate() + DAY, created_at=timezone.now(),
        )  # fmt: skip
    assert shown("?view=risk") == ["good"]
    html = client.get("/customers/?view=risk").content.decode()
    assert "state-danger" in html
    assert 'title="set by hand"' in html


def test_the_views_are_of_active_customers_and_may_be_of_ones_own() -> None:
    soon = timezone.localdate() + 90 * DAY
    make("soon", name="a", renews_on=soon, owner_email="cs@koe.example")
    make("later", name="b", renews_on=soon + DAY)
    make("over", name="c", renews_on=timezone.localdate() - DAY)
    make("gone", name="d", renews_on=soon, churned_on=timezone.localdate() - DAY)
    silent = make("silent", name="e")
    make_invitation(make_respondent(customer=silent), state=InvitationState.SENT, sent_at=NOW)
    answered(make("told", name="f"), 5)
    client = client_as("cs")

    assert ids(client, "?view=renewing") == ["soon"]
    assert ids(client, "?view=renewing&mine=1") == ["soon"]
    assert ids(client, "?view=silent") == ["silent"]
    assert ids(client, "?view=silent&mine=1") == []
    # An unknown view is none.
    assert len(ids(client, "?view=x")) == 6
    tabs = client.get("/customers/?view=silent&mine=1").context["tabs"]
    assert [(str(tab["label"]), tab["url"], tab["active"]) for tab in tabs] == [
        ("Mine", "?mine=1", False),
        ("At risk", "?view=risk&mine=1", False),
        ("Renewing in 90 days", "?view=renewing&mine=1", False),
        ("Asked, never answered", "?view=silent&mine=1", True),
        ("All", "?", False),
    ]


def test_the_file_has_what_is_seen_in_its_order() -> None:
    low = make("low", name="=low", mrr=100, renews_on=dt.date(2027, 3, 31))
    answered(low, 9)
    make_event(low, "contacted", NOW, ref="1")
    make("high", name="b", mrr=300, owner_email="a@b.example")
    make("gone", name="c", mrr=5, churned_on=dt.date(2026, 1, 1))
    client = client_as("cs")

    answer = client.get("/customers/export.csv?state=active&sort=-mrr")

    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["customer_id"] for row in rows] == ids(client, "?state=active&sort=-mrr")
    assert rows[1] == {
        "customer_id": "low", "name": "'=low", "health_score": "", "health_band": "",
        "last_score": "9", "last_answer_on": "2026-11-24", "mrr": "100.00", "currency": "JPY",
        "renews_on": "2027-03-31", "owner_email": "", "last_contact_on": "2026-11-24",
        "churned_on": "",
    }  # fmt: skip
    event = AuditEvent.objects.get(action="customers.export")
    assert event.detail["filter"] == "state=active&sort=-mrr"
    workbook = client.get("/customers/export.xlsx?state=active")
    assert workbook.getvalue()[:2] == b"PK"
    assert client.get("/customers/export.pdf").status_code == 404
    assert client_as("viewer").get("/customers/export.csv").status_code == 403
