from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.segments import MRR
from accounts.models import Customer, Dimension, ExchangeRate, MonthlyRevenue
from accounts.queries.money.currency import mrr_in_month
from accounts.queries.money.revenue import (
    billed,
    month_known_on,
    mrr_known_on,
    with_numbers,
)
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)


@pytest.fixture
def paying() -> tuple[int, int]:
    """The one pays in both months, the other one in the first only, and leaves."""
    one, other = make_customer(), make_customer(churned_on=dt.date(2026, 10, 31))
    rows = ((one, SEPTEMBER, "5"), (one, OCTOBER, "1200.50"), (other, SEPTEMBER, "7"))
    for customer, month, mrr in rows:
        MonthlyRevenue.objects.create(customer=customer, month=month, mrr=mrr)
    return one.pk, other.pk


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (dt.date(2026, 9, 30), None),
        (dt.date(2026, 10, 1), SEPTEMBER),
        (dt.date(2026, 10, 31), SEPTEMBER),
        (dt.date(2026, 11, 1), OCTOBER),
        (dt.date(2027, 6, 15), OCTOBER),
    ],
)
@pytest.mark.usefixtures("paying")
def test_a_month_is_known_once_it_is_over(day: dt.date, month: dt.date | None) -> None:
    assert month_known_on(day) == month


def test_no_row_in_a_known_month_is_no_mrr_and_before_it_nothing_is_known(
    paying: tuple[int, int],
) -> None:
    one, other = paying

    assert mrr_known_on([one, None, other], day=dt.date(2026, 11, 1)) == {
        one: "1200.50",
        other: "0",
    }
    assert mrr_known_on([one, other], day=dt.date(2026, 9, 30)) == {}


def test_the_mrr_stands_beside_the_attributes_where_a_segment_reads_it(
    paying: tuple[int, int],
) -> None:
    one, other = paying
    size = Dimension(name="size", attribute=MRR, bands={"thresholds": ["1"], "labels": ["a", "b"]})
    plan = Dimension(name="plan", attribute="plan")
    given = {one: {"plan": "pro"}, other: {}}

    assert with_numbers(given, dimensions=[plan], day=dt.date(2026, 11, 1)) == given
    assert with_numbers(given, dimensions=[plan, size], day=dt.date(2026, 11, 1)) == {
        one: {"plan": "pro", MRR: "1200.50"},
        other: {MRR: "0"},
    }
    assert with_numbers(given, dimensions=[size], day=SEPTEMBER)[one] == {"plan": "pro", MRR: ""}


def with_products(**currencies: str) -> Customer:
    """Pays 100 for one product and 5 for another one in October."""
    customer = make_customer()
    for product, mrr in (("base", "100"), ("add_on", "5")):
        MonthlyRevenue.objects.create(
            customer=customer, month=OCTOBER, mrr=mrr, product=product,
            currency=currencies.get(product, "JPY"),
        )  # fmt: skip
    return customer


def test_the_products_of_a_month_are_one_amount(settings) -> None:
    settings.CURRENCY = "JPY"
    one, foreign = with_products(), with_products(add_on="USD")
    day, month = dt.date(2026, 11, 2), [OCTOBER]

    assert mrr_known_on([one.pk, foreign.pk], day=day) == {one.pk: "105.00"}
    assert billed([one.pk, foreign.pk], months=month) == {
        (one.pk, OCTOBER): (Decimal(105), "JPY"),
        (foreign.pk, OCTOBER): (None, "JPY"),
    }
    ExchangeRate.objects.create(month=OCTOBER, currency="USD", rate=100)
    assert mrr_known_on([foreign.pk], day=day) == {foreign.pk: "600.00"}
    assert billed([foreign.pk], months=month) == {(foreign.pk, OCTOBER): (Decimal(600), "JPY")}
    assert billed([one.pk], months=[SEPTEMBER]) == {}


def test_the_products_of_a_month_are_one_amount_for_the_database(settings) -> None:
    settings.CURRENCY = "JPY"
    one, foreign, free = with_products(), with_products(add_on="USD"), make_customer()

    def amounts() -> list[Decimal | None]:
        found = Customer.objects.annotate(mrr=mrr_in_month(OCTOBER)).in_bulk()
        return [getattr(found[each.pk], "mrr") for each in (one, foreign, free)]  # noqa: B009

    assert amounts() == [Decimal(105), None, None]
    ExchangeRate.objects.create(month=OCTOBER, currency="USD", rate=100)
    assert amounts() == [Decimal(105), Decimal(600), None]
