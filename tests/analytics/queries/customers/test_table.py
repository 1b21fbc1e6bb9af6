"""Customers on a day, and their revenue."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from accounts.domain.segments import MRR, TENURE
from accounts.models import ExchangeRate, MonthlyRevenue
from analytics.queries.customers.table import CustomerTable, last_known_month, read_revenue
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BANDS = {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}


def test_a_customer_has_what_was_known_by_the_day_before() -> None:
    plan = world.make_dimension("plan")
    moved = world.make_customer(plan="now")
    world.make_version(moved, "2026-05-01", plan="second")
    world.make_version(moved, "2026-03-31", plan="first")
    plain = world.make_customer(plan="only")
    table = CustomerTable([plan])

    def shown(day: str) -> list[str]:
        return table.on(dt.date.fromisoformat(day))["plan"].loc[[moved.pk, plain.pk]].tolist()

    # Of before the first there is nothing older.
    assert shown("2026-01-01") == ["first", "only"]
    assert shown("2026-05-01") == ["first", "only"]
    assert shown("2026-05-02") == ["second", "only"]
    assert table.present(dt.date(2026, 1, 1))["plan"].loc[moved.pk] == "now"


def test_revenue_bands_by_the_last_month_that_was_over() -> None:
    size = world.make_dimension("size", attribute=MRR, bands=BANDS)
    grows = world.make_customer(mrr={"2026-03": 9, "2026-04": 500})
    free = world.make_customer(mrr={})
    table = CustomerTable([size])

    def shown(day: str) -> list[str]:
        return table.on(dt.date.fromisoformat(day))["size"].loc[[grows.pk, free.pk]].tolist()

    assert shown("2026-04-30") == ["small", "small"]
    assert shown("2026-05-01") == ["large", "small"]
    # A period before all imports takes the earliest month; an invitation of then knew of none.
    assert shown("2026-01-01") == ["small", "small"]
    assert table.present(dt.date(2026, 1, 1))["size"].tolist() == ["", ""]


def test_dates_are_days_and_nothing_where_there_is_none() -> None:
    plain = world.make_customer(started_on=dt.date(2024, 2, 29))
    gone = world.make_customer(churned_on=dt.date(1969, 12, 31))

    dates: Any = CustomerTable().dates

    assert dates.loc[plain.pk, "started_on"].date() == dt.date(2024, 2, 29)
    assert dates.loc[gone.pk, "churned_on"].date() == dt.date(1969, 12, 31)
    assert dates.isna().to_numpy().sum() == 2


def test_without_customers_there_are_no_rows() -> None:
    table = CustomerTable(
        [world.make_dimension("plan"), world.make_dimension("size", attribute=MRR, bands=BANDS)]
    )

    assert (len(table.dates), len(table.on(dt.date(2026, 1, 1)))) == (0, 0)
    assert list(table.present(dt.date(2026, 1, 1)).columns) == ["plan", "size"]


def test_revenue_of_the_months_that_contain_the_days() -> None:
    customer = world.make_customer(mrr={"2026-01": 10.15, "2026-02": 20, "2026-03": 30})

    found = read_revenue([dt.date(2026, 1, 31), dt.date(2026, 3, 1)]).sort_values("month")

    assert found["mrr"].tolist() == [10.15, 30.0]
    assert found["month"].tolist() == [np.datetime64("2026-01-01"), np.datetime64("2026-03-01")]
    assert set(found["customer"]) == {customer.pk}
    assert (len(read_revenue()), len(read_revenue([]))) == (3, 0)
    assert last_known_month() == dt.date(2026, 3, 31)


def test_an_amount_in_another_currency_is_missing_and_not_added() -> None:
    world.make_customer(mrr={"2026-01": 1, "2026-02": 1, "2026-03": 1})
    first, second, _ = MonthlyRevenue.objects.order_by("month")
    assert read_revenue()["mrr"].tolist() == [1, 1, 1]

    MonthlyRevenue.objects.filter(pk=first.pk).update(currency="EUR")
    assert read_revenue()["mrr"].tolist() == [1, 1, 1]
    MonthlyRevenue.objects.filter(pk=second.pk).update(currency="JPY")
    assert read_revenue().sort_values("month")["mrr"].isna().tolist() == [False, True, False]


def test_the_products_of_a_month_are_one_amount_to_the_cent(settings) -> None:
    settings.CURRENCY = "JPY"
    month = dt.date(2026, 1, 1)
    customer, plain = world.make_customer(), world.make_customer(mrr={"2026-01": 7})
    amounts = {"a": "0.10", "b": "0.20", "c": "29.85", "": "0.05"}
    for product, mrr in amounts.items():
        MonthlyRevenue.objects.create(customer=customer, month=month, product=product, mrr=mrr)

    found = read_revenue().set_index("customer")["mrr"]
    assert found.to_dict() == {customer.pk: 30.2, plain.pk: 7.0}

    MonthlyRevenue.objects.filter(product="c").update(currency="USD")
    assert np.isnan(read_revenue().set_index("customer")["mrr"][customer.pk])
    ExchangeRate.objects.create(month=month, currency="USD", rate=100)
    converted = read_revenue().set_index("customer")["mrr"]
    assert converted.to_dict() == {customer.pk: pytest.approx(2985.35), plain.pk: 7.0}


def test_tenure_is_that_of_the_day() -> None:
    tenure = world.make_dimension("tenure", attribute=TENURE, bands=BANDS)
    old, new, unknown = (
        world.make_customer(started_on=day)
        for day in (dt.date(2025, 1, 1), dt.date(2026, 4, 1), None)
    )
    table = CustomerTable([tenure])

    def shown(found: Any) -> list[str]:
        return list(found["tenure"].loc[[old.pk, new.pk, unknown.pk]])

    assert shown(table.on(dt.date(2025, 10, 31))) == ["small", "small", ""]
    assert shown(table.on(dt.date(2025, 11, 1))) == ["middle", "small", ""]
    assert shown(table.present(dt.date(2027, 2, 1))) == ["middle", "middle", ""]
