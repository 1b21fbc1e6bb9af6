from __future__ import annotations

import pytest

from accounts.models import Customer, Dimension, MonthlyRevenue, Person
from accounts.services.bulk import upsert
from tests.world import NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_new_rows_are_inserted_and_known_ones_changed_in_what_is_named_only() -> None:
    known = make_customer(name="old", owner_email="cs@koe.example", attributes={"plan": "a"})
    wanted = [
        Customer(customer_id=known.customer_id, name="青空", attributes={"plan": "b", "seats": 3}),
        Customer(customer_id="new", name='"quoted" %s', churned_on=NOW.date()),
    ]

    upsert(wanted, unique=["customer_id"], update=["name", "attributes"])

    before, new = Customer.objects.order_by("pk")
    assert (before.pk, before.name, before.owner_email) == (known.pk, "青空", "cs@koe.example")
    assert before.attributes == {"plan": "b", "seats": 3}
    assert (new.name, new.attributes, new.churned_on) == ('"quoted" %s', {}, NOW.date())
    assert new.created_at is not None


def test_a_row_that_is_known_stays_where_nothing_is_to_be_changed() -> None:
    Person.objects.create(mail_key="a@x.example", erased_at=NOW)

    upsert(
        [Person(mail_key="a@x.example"), Person(mail_key="b@x.example")],
        unique=["mail_key"],
        update=[],
    )

    assert dict(Person.objects.values_list("mail_key", "erased_at")) == {
        "a@x.example": NOW,
        "b@x.example": None,
    }


def test_a_thousand_rows_of_a_foreign_key_are_one_statement(django_assert_num_queries) -> None:
    customers = [make_customer() for _ in range(1000)]
    rows = [
        MonthlyRevenue(customer=each, month=NOW.date().replace(day=1), mrr=5) for each in customers
    ]

    with django_assert_num_queries(1):
        upsert(rows, unique=["customer", "month", "product"], update=["mrr"])
    upsert([], unique=["customer", "month", "product"], update=["mrr"])

    assert MonthlyRevenue.objects.filter(mrr=5, customer__in=customers).count() == 1000


@pytest.mark.parametrize("value", ["text", 'a "quote"', 5, ["a", {"b": None}]])
def test_json_is_stored_as_json_whatever_it_holds(value: object) -> None:
    upsert([Dimension(name="a", bands=value)], unique=["name"], update=["bands"])

    assert Dimension.objects.get().bands == value
