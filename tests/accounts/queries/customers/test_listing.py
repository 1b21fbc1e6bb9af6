from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.domain.segments import MRR
from accounts.models import Customer, Dimension, MonthlyRevenue
from accounts.queries.customers.listing import (
    CustomerFilter,
    customers,
    in_order,
    latest_month,
    owners,
    page_rows,
    segment_choices,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = dt.date(2026, 11, 24)
OCTOBER = dt.date(2026, 10, 1)
BANDS = {"thresholds": ["10", "100"], "labels": ["few", "some", "many"]}


def make(customer_id: str, *, mrr: int | None = None, **fields: Any) -> Customer:
    customer = Customer.objects.create(customer_id=customer_id, **fields)
    if mrr is not None:
        MonthlyRevenue.objects.create(customer=customer, month=OCTOBER, mrr=mrr, currency="JPY")
    return customer


def found(**wanted: Any) -> list[str]:
    rows = customers(CustomerFilter(**wanted), dimensions=Dimension.objects.all(), today=TODAY)
    return sorted(rows.values_list("customer_id", flat=True))


def test_each_word_must_occur_in_the_name_or_the_id() -> None:
    make("C1", name="株式会社 青空")
    make("C2", name="青空 Holdings")

    assert found(text="青空") == ["C1", "C2"]
    assert found(text="青空\u3000holdings") == ["C2"]
    assert found(text="c1 青空") == ["C1"]
    assert found(text="C1 Holdings") == []


def test_a_customer_is_gone_from_the_day_of_the_churn_on() -> None:
    make("stays", owner_email="a@koe.example")
    make("goes today", churned_on=TODAY)
    make("goes tomorrow", churned_on=TODAY + dt.timedelta(days=1))

    assert found(state="churned") == ["goes today"]
    assert found(state="active") == ["goes tomorrow", "stays"]
    assert found(state="active", owner="a@koe.example") == ["stays"]
    assert owners() == ["a@koe.example"]


@pytest.mark.parametrize("attribute", ["plan", "contains", "isnull", "契約"])
def test_values_are_compared_as_text_whatever_the_attribute_is_called(attribute: str) -> None:
    Dimension.objects.create(name="tried", source="customer", attribute=attribute)
    for number, value in enumerate(["1", "1.0", "true", '"1"', "", None]):
        make(f"C{number}", attributes={} if value is None else {attribute: value})

    assert found(segments={"tried": "1"}) == ["C0"]
    assert found(segments={"tried": "true"}) == ["C2"]
    assert found(segments={"tried": ""}) == ["C4", "C5"]
    assert found(segments={"other": "1"}) == found()


def test_bands_over_a_number_a_quotient_and_the_mrr_narrow_each_other() -> None:
    Dimension.objects.create(name="seats", source="customer", attribute="seats", bands=BANDS)
    Dimension.objects.create(
        name="load", source="customer", attribute="usage", divisor="seats", bands=BANDS
    )
    Dimension.objects.create(name="size", source="customer", attribute=MRR, bands=BANDS)
    make("A", mrr=10, attributes={"seats": "9", "usage": "900"})
    make("B", mrr=500, attributes={"seats": "1,000", "usage": "900"})
    make("C", attributes={"seats": "many"})

    assert found(segments={"seats": "few"}) == ["A"]
    assert found(segments={"seats": "many"}) == ["B"]
    assert found(segments={"seats": ""}) == found(segments={"load": ""}) == ["C"]
    assert found(segments={"load": "many"}) == ["A"]
    assert found(segments={"size": "some"}) == ["A"]
    assert found(segments={"size": "few"}) == ["C"]
    assert found(segments={"seats": "many", "load": "many"}) == []


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("mrr", ["B", "A", "old"]),
        ("-mrr", ["A", "B", "old"]),
        ("name", ["A", "B", "old"]),
        ("password", ["A", "B", "old"]),
    ],
)
def test_what_is_not_known_comes_last_in_either_direction(sort: str, order: list[str]) -> None:
    make("B", name="b", mrr=5, started_on=TODAY)
    make("A", name="a", mrr=10)
    old = make("old", name="c")
    MonthlyRevenue.objects.create(customer=old, month=dt.date(2026, 9, 1), mrr=999)

    rows = in_order(Customer.objects.all(), sort=sort, month=latest_month())

    assert [row.customer_id for row in rows] == order


def test_a_page_has_its_rows_in_order_with_revenue() -> None:
    a, b = make("A", mrr=10), make("B")

    rows: list[Any] = page_rows([b.pk, 10**6, a.pk], month=OCTOBER)

    assert [(row.customer_id, row.mrr_now, row.currency) for row in rows] == [
        ("B", None, None),
        ("A", 10, "JPY"),
    ]


def test_a_segment_with_too_many_values_is_no_choice_and_bands_are_all_offered() -> None:
    for name in ("plan", "serial"):
        Dimension.objects.create(name=name, source="customer", attribute=name)
    Dimension.objects.create(name="size", source="customer", attribute=MRR, bands=BANDS)
    for number in range(4):
        make(f"C{number}", attributes={"plan": "ab"[number % 2], "serial": str(number)})
    make("bare")

    assert segment_choices(list(Dimension.objects.all()), at_most=4) == {
        "plan": ["", "a", "b"],
        "serial": [],
        "size": ["few", "some", "many", ""],
    }
