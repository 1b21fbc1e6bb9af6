"""Customers by hand: the import's rules, the history of what was corrected, nothing twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import (
    AuditEvent,
    Customer,
    CustomerVersion,
    Dimension,
    FieldChange,
    ImportedFact,
)
from tests.staffing import client_as

pytestmark = pytest.mark.django_db
NEW = {"customer_id": "00101", "name": "Aozora", "started_on": "2026-04-01", "seats": "3"}


@pytest.fixture
def customer() -> Customer:
    return Customer.objects.create(
        customer_id="C1", name="Aozora", started_on=dt.date(2026, 4, 1), attributes={"plan": "pro"}
    )


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the form holds when its page is opened, as a browser would send it."""
    form = client.get(address).context["form"]
    found: dict[str, Any] = {}
    for field in form:
        value = "" if field.value() is None else field.value()
        found |= {field.html_name: value, field.html_initial_name: value}
    return found


def test_a_customer_is_added_once_however_often_the_button_is_pressed() -> None:
    client = client_as("cs")

    answers = [client.post("/customers/new/", NEW) for _ in range(2)]

    made = Customer.objects.get()
    assert (made.customer_id, made.name, made.seats) == ("00101", "Aozora", 3)
    assert [each.headers["Location"] for each in answers] == [f"/customers/{made.pk}/"] * 2
    events = AuditEvent.objects.filter(action="customer.add")
    assert [each.target for each in events] == ["00101"]
    # That one customer stays says nothing of the others.
    assert not ImportedFact.objects.exists()


def test_one_that_is_there_is_not_written_over(customer: Customer) -> None:
    answer = client_as("cs").post("/customers/new/", {"customer_id": "C1", "name": "Other"})

    assert answer.status_code == 422
    assert "there is a customer C1 already" in answer.content.decode()
    customer.refresh_from_db()
    assert customer.name == "Aozora"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("churned_on", "2026-01-01", "is before started_on"),
        ("started_on", "04/05/2026", "can be read in two ways"),
        ("owner_email", "nobody", "is not an e-mail address"),
        ("seats", "many", "is not a whole number"),
        ("name", "x" * 201, "at most 200"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_in_the_words_of_the_import(
    customer: Customer, field: str, value: str, why: str
) -> None:
    client = client_as("cs")
    address = f"/customers/{customer.pk}/edit/"

    answer = client.post(address, opened(client, address) | {field: value})

    assert answer.status_code == 422
    assert any(why in text for text in answer.context["form"].errors[field])
    assert not FieldChange.objects.exists()


def test_an_end_is_written_with_its_history_and_the_rest_is_kept(customer: Customer) -> None:
    client = client_as("cs")
    address = f"/customers/{customer.pk}/edit/"
    form = opened(client, address) | {"churned_on": "2026-10-31", "churn_reason": "Price"}
    Customer.objects.filter(pk=customer.pk).update(name="Renamed meanwhile")

    for _ in range(2):
        assert client.post(address, form).status_code == 302

    customer.refresh_from_db()
    assert (customer.churned_on, customer.churn_reason) == (dt.date(2026, 10, 31), "Price")
    assert customer.name == "Renamed meanwhile"
    assert customer.attributes == {"plan": "pro"}
    changes = FieldChange.objects.order_by("field").values_list("field", "before", "after")
    assert list(changes) == [("churn_reason", "", "Price"), ("churned_on", "", "2026-10-31")]
    assert AuditEvent.objects.filter(action="customer.correct").count() == 1
    page = client.get(address).content.decode()
    assert "Corrected by hand" in page
    assert "2026-10-31" in page
    assert 'name="initial-name"' in page


def test_who_differs_by_leading_zeros_is_added_once_somebody_says_so() -> None:
    client = client_as("cs")
    Customer.objects.create(customer_id="101")
    assert "zeros_count" not in client.get("/customers/new/").content.decode()

    refused = client.post("/customers/new/", NEW)
    assert refused.status_code == 422
    assert 'name="zeros_count"' in refused.content.decode()
    assert client.post("/customers/new/", NEW | {"zeros_count": ""}).status_code == 422

    assert client.post("/customers/new/", NEW | {"zeros_count": "on"}).status_code == 302
    assert Customer.objects.count() == 2


def test_attributes_are_corrected_with_their_history_and_those_of_segments_are_offered(
    customer: Customer,
) -> None:
    Dimension.objects.create(name="plan", label="Plan", source="customer", attribute="plan")
    Dimension.objects.create(name="region", source="customer", attribute="region")
    Dimension.objects.create(name="mrr", source="customer", attribute="_mrr")
    client = client_as("cs")
    address = f"/customers/{customer.pk}/edit/"
    form = opened(client, address)
    assert {"plan", "region"} < form.keys()
    assert "_mrr" not in form

    Customer.objects.update(attributes={"plan": "pro", "arrived": "meanwhile"})
    client.post(address, form | {"plan": "", "region": "関東"})

    customer.refresh_from_db()
    assert customer.attributes == {"region": "関東", "arrived": "meanwhile"}
    version = CustomerVersion.objects.latest("known_from")
    assert version.attributes == customer.attributes
    changes = FieldChange.objects.order_by("field").values_list("field", "before", "after")
    assert list(changes) == [("plan", "pro", ""), ("region", "", "関東")]
    page = client.get(address).content.decode()
    assert ">Plan<" in page
    assert 'name="arrived"' in page
