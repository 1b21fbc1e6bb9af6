from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import MonthlyRevenue
from accounts.queries.money.completeness import (
    looks_incomplete_for_sending,
    month_looks_incomplete,
    not_told,
)
from accounts.queries.money.revenue import mrr_known_on
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SEPTEMBER, OCTOBER, NOVEMBER = (dt.date(2026, month, 1) for month in (9, 10, 11))


@pytest.mark.parametrize(("unexplained", "expected"), [(0, False), (1, False), (2, True)])
def test_a_month_that_lacks_more_than_a_tenth_looks_incomplete(
    unexplained: int, expected: bool
) -> None:
    """Of twelve that paid in September; who left by the end of October is not missing."""
    for place in range(12):
        left = {10: dt.date(2026, 10, 31), 11: dt.date(2026, 11, 1)}.get(place)
        customer = make_customer(churned_on=left)
        if place != 11 or unexplained:
            MonthlyRevenue.objects.create(customer=customer, month=SEPTEMBER, mrr=5)
        if max(unexplained - 1, 0) <= place < 10:
            MonthlyRevenue.objects.create(customer=customer, month=OCTOBER, mrr=0)

    assert month_looks_incomplete(OCTOBER) is expected
    assert month_looks_incomplete(SEPTEMBER) is False


def paying(*months: dt.date, mrr: int = 5, left: dt.date | None = None) -> int:
    customer = make_customer(churned_on=left)
    for month in months:
        MonthlyRevenue.objects.create(customer=customer, month=month, mrr=mrr)
    return customer.pk


def test_a_row_that_a_cut_file_lost_is_not_known_and_one_that_nobody_expects_is_none() -> None:
    there = paying(SEPTEMBER, OCTOBER)
    cut = paying(SEPTEMBER)
    free, new, left = (
        paying(SEPTEMBER, mrr=0),
        paying(),
        paying(SEPTEMBER, left=dt.date(2026, 10, 9)),
    )
    everybody = [there, cut, free, new, left]

    assert not_told([cut, free, new, left], OCTOBER) == {cut}
    assert mrr_known_on(everybody, day=dt.date(2026, 11, 1)) == {
        there: "5.00", free: "0", new: "0", left: "0",
    }  # fmt: skip


def test_where_one_in_many_has_no_row_it_pays_nothing() -> None:
    for _ in range(10):
        paying(SEPTEMBER, OCTOBER)
    gone = paying(SEPTEMBER)

    assert mrr_known_on([gone], day=dt.date(2026, 11, 1)) == {gone: "0"}


def test_of_a_second_cut_file_in_a_row_the_same_are_not_known() -> None:
    paying(SEPTEMBER, OCTOBER, NOVEMBER)
    cut = paying(SEPTEMBER)

    assert month_looks_incomplete(NOVEMBER) is False
    assert not_told([cut], NOVEMBER) == {cut}


def test_all_rows_are_counted_only_where_somebody_lacks_one(
    django_assert_num_queries: Any,
) -> None:
    there, new = paying(SEPTEMBER, OCTOBER), paying()
    asked: list[dt.date] = []

    def is_incomplete(month: dt.date) -> bool:
        asked.append(month)
        return True

    for customers in ([there], [new]):
        mrr_known_on(customers, day=dt.date(2026, 11, 1), is_incomplete=is_incomplete)
    assert asked == []
    cache.clear()
    with django_assert_num_queries(2):
        assert looks_incomplete_for_sending(OCTOBER) is looks_incomplete_for_sending(OCTOBER)
