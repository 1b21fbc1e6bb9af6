from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.domain.segments import MRR, TENURE
from accounts.models import Customer, Dimension, MonthlyRevenue
from accounts.queries.values import (
    attribute_labels,
    attributes_in_use,
    labels_of_segments,
    values_in,
)
from tests.world import make_customer, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = dt.date(2026, 11, 24)
BANDS = {"thresholds": ["10", "100"], "labels": ["few", "some", "many"]}


def values(at_most: int | None = 50, *, source: str = "customer", **fields: Any):
    dimension = Dimension(name="tried", source=source, **fields)
    return [(each.text, each.count) for each in values_in(dimension, day=DAY, at_most=at_most)]


def test_values_come_most_frequent_first_and_only_of_the_customers_of_the_day() -> None:
    for plan in ("pro", "pro", "free", None):
        make_customer(attributes={"plan": plan} if plan else {})
    make_customer(attributes={"plan": "free"}, churned_on=DAY)
    make_customer(attributes={"plan": "free"}, started_on=DAY + dt.timedelta(days=1))

    found = values(attribute="plan")

    assert (found[0], sorted(found[1:])) == (("pro", 2), [("", 1), ("free", 1)])
    assert values(1, attribute="plan") == [("pro", 2)]


def test_each_band_is_there_in_its_order_and_the_unknown_only_where_it_occurs() -> None:
    for seats in ("200", "300", "5"):
        make_customer(attributes={"seats": seats, "usage": "100"})
    reads = {"attribute": "seats", "bands": BANDS}

    assert values(**reads) == [("few", 1), ("some", 0), ("many", 2)]
    make_customer(attributes={"seats": "0", "usage": "100"})
    ratio = values(attribute="usage", divisor="seats", bands=BANDS)
    assert ratio == [("few", 2), ("some", 1), ("many", 0), ("", 1)]


def test_contract_size_is_that_of_the_last_month_that_was_over() -> None:
    paying, _ = make_customer(), make_customer()
    reads = {"attribute": MRR, "bands": BANDS}
    assert values(**reads) == [("few", 0), ("some", 0), ("many", 0), ("", 2)]
    for month, mrr in ((9, 5), (10, 50), (11, 500)):
        MonthlyRevenue.objects.create(customer=paying, month=dt.date(2026, month, 1), mrr=mrr)

    assert values(**reads) == [("few", 1), ("some", 1), ("many", 0)]


def test_contract_size_is_not_known_of_whom_the_file_of_the_month_lost() -> None:
    paying = [make_customer() for _ in range(4)]
    for month, there in ((9, paying), (10, paying[:1])):
        for customer in there:
            MonthlyRevenue.objects.create(
                customer=customer, month=dt.date(2026, month, 1), mrr=500, currency="JPY"
            )
    make_customer()

    found = values(attribute=MRR, bands=BANDS)

    assert found == [("few", 1), ("some", 0), ("many", 1), ("", 3)]


def test_role_and_language_are_columns_and_a_customers_attribute_of_that_name_is_not() -> None:
    customer = make_customer(attributes={"role": "of the company", "plan": "pro"})
    make_respondent(customer=customer, role="buyer", attributes={"role": "hidden", "team": "red"})

    assert values(source="respondent", attribute="role") == [("buyer", 1)]
    assert values(source="respondent", attribute="team") == [("red", 1)]
    assert values(attribute="role") == [("of the company", 1)]
    assert attributes_in_use() == {
        "customer": ["plan", "role"],
        "respondent": ["language", "role", "team"],
    }


def test_a_segment_is_called_by_its_label_else_by_its_name() -> None:
    Customer.objects.create(customer_id="C1")
    for name, label in (("contract_size", ""), ("plan", "契約"), ("language", "")):
        Dimension.objects.create(name=name, label=label, source="customer", attribute=name)

    assert labels_of_segments() == {
        "contract_size": "Contract size", "plan": "契約", "language": "Language",
    }  # fmt: skip


def test_tenure_is_counted_on_the_day() -> None:
    for day in (dt.date(2026, 11, 1), dt.date(2026, 10, 25), dt.date(2024, 1, 1), None):
        make_customer(started_on=day)

    found = values(attribute=TENURE, bands={"thresholds": ["1", "12"], "labels": ["a", "b", "c"]})

    assert found == [("a", 2), ("b", 0), ("c", 1), ("", 1)]


def test_what_may_be_written_of_somebody_goes_by_the_labels_of_segments() -> None:
    made = [
        {"name": "plan", "label": "契約", "attribute": "plan"},
        {"name": "size", "label": "Size", "attribute": "users", "divisor": "licences",
         "bands": {"thresholds": ["1"], "labels": ["a", "b"]}},
        {"name": "seats", "attribute": "seats"},
        {"name": "tenure", "attribute": TENURE},
    ]  # fmt: skip
    for each in made:
        Dimension.objects.create(source="customer", **each)
    Dimension.objects.create(source="respondent", name="team", attribute="team")
    one = Customer(attributes={"plan": "a", "own": "b"})

    assert attribute_labels(Dimension.Source.CUSTOMER, of=one) == {
        "plan": "契約", "users": "users", "licences": "licences", "own": "own",
    }  # fmt: skip
    assert attribute_labels(Dimension.Source.RESPONDENT) == {"team": "Team"}
