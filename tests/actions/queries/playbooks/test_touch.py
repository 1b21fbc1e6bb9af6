from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Customer, CustomerTerms, CustomerVersion, Dimension, MonthlyRevenue
from actions.models import TouchTable
from actions.queries.playbooks.touch import (
    cells_of,
    sizes_in,
    sizes_on,
    suggested_limits,
    touches,
)
from analytics.queries.health.standing import Standing, standings
from tests.actions.health import scored
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), dt.timedelta(days=1)


def paying(mrr: int, **fields) -> Customer:
    customer = make_customer(**fields)
    MonthlyRevenue.objects.create(customer=customer, month=dt.date(2026, 10, 1), mrr=mrr)
    return customer


def health(ids: list[int]) -> dict[int, Standing]:
    return standings(ids, day=TODAY - DAY, today=TODAY)


def by_mrr(**cells: str) -> TouchTable:
    limits = {"medium_from": Decimal(100), "large_from": Decimal(500)}
    return TouchTable(basis="mrr", cells=cells, **limits)


def test_the_cell_is_that_of_size_and_band_and_unknown_is_in_none() -> None:
    large, small, unscored = paying(900), paying(9), paying(900)
    scored(large, "worst")
    scored(small, "best")
    ids = [each.pk for each in (large, small, unscored)]

    found = cells_of(by_mrr(), health(ids), on=TODAY)

    assert found == {large.pk: "worst:large", small.pk: "best:small"}
    # Before the first month of revenue was over, nobody's size was known.
    assert sizes_on(by_mrr(), ids, on=dt.date(2026, 10, 15)) == {}


def test_seats_are_those_that_were_known_on_the_day() -> None:
    customer, without = make_customer(), make_customer()
    for back, seats in ((9, 50), (3, 700)):
        CustomerTerms.objects.create(customer=customer, known_from=TODAY - back * DAY, seats=seats)
    CustomerTerms.objects.create(customer=without, known_from=TODAY - DAY, seats=None)
    table = by_mrr()
    table.basis, ids = "seats", [customer.pk, without.pk]

    assert sizes_on(table, ids, on=TODAY) == {customer.pk: "large"}
    assert sizes_on(table, ids, on=TODAY - 5 * DAY) == {customer.pk: "small"}


def test_a_segment_names_the_sizes_as_they_were_on_the_day() -> None:
    dimension = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    customer = make_customer(attributes={"plan": "gold"})
    for back, plan in ((9, "free"), (3, "gold")):
        CustomerVersion.objects.create(
            customer=customer, known_from=TODAY - back * DAY, attributes={"plan": plan}
        )
    table = TouchTable(basis="segment", dimension=dimension, cells={"worst:old": "high"})

    assert sizes_on(table, [customer.pk], on=TODAY) == {customer.pk: "gold"}
    assert sizes_on(table, [customer.pk], on=TODAY - 5 * DAY) == {customer.pk: "free"}
    assert sizes_in(table, today=TODAY) == ["gold", "old"]


def test_the_touch_is_the_tables_and_without_one_the_bands() -> None:
    customer = paying(900)
    scored(customer, "worst")
    known = health([customer.pk])

    assert touches(known, today=TODAY) == {customer.pk: "high"}
    by_mrr(**{"worst:large": "low"}).save()
    assert touches(known, today=TODAY) == {customer.pk: "low"}


def test_a_table_is_proposed_where_there_is_something_to_part() -> None:
    assert suggested_limits("mrr", today=TODAY) is None
    for mrr in (10, 20, 30, 40, 50, 60):
        paying(mrr)

    assert suggested_limits("mrr", today=TODAY) == (Decimal(30), Decimal(50))
