"""What is read of revenue by product."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from analytics.queries.customers.products import any_product, read_products
from tests.analytics.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_products_are_told_apart_in_the_currency_of_reports(settings) -> None:
    settings.CURRENCY = "JPY"
    customer = make_customer()
    month = dt.date(2026, 10, 1)
    for product, mrr, currency in (("base", 100, "JPY"), ("add-on", 5, "USD")):
        MonthlyRevenue.objects.create(
            customer=customer, month=month, product=product, mrr=mrr, currency=currency
        )
    MonthlyRevenue.objects.filter(product="base").update(quantity=4)

    found = read_products([dt.date(2026, 10, 31)]).set_index("product")

    assert any_product()

    assert list(found.loc["base", ["mrr", "quantity"]]) == [100.0, 4.0]
    assert found.loc["add-on", ["mrr", "quantity"]].isna().all()


def test_revenue_without_a_product_has_an_empty_name() -> None:
    make_customer(mrr={"2026-10": 12.34, "2026-11": 5})

    found = read_products([dt.date(2026, 10, 31)])

    assert list(found["product"]) == [""]
    assert list(found["mrr"]) == [12.34]
    assert not any_product()
    assert read_products([dt.date(2020, 1, 1)]).empty
