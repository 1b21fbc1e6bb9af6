from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.customers.left import read_left
from analytics.queries.customers.table import read_revenue
from tests.analytics.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def test_the_last_mrr_is_that_of_a_month_before_they_left() -> None:
    paid = make_customer(
        churned_on=dt.date(2026, 6, 10), mrr={"2026-03": 9, "2026-04": 8, "2026-05": 0}
    )
    never = make_customer(churned_on=dt.date(2026, 6, 11))
    make_customer(churned_on=dt.date(2026, 6, 12), mrr={"2026-05": 5})
    known = [paid.pk, never.pk]

    found = read_left(QUARTER, today=dt.date(2026, 6, 11), revenue=read_revenue(), accounts=known)

    assert found["mrr"].to_dict() == {paid.pk: 8, never.pk: 0}
    assert set(found["group"]) == {"no_answer"}
    # Whoever leaves after today has not left.
    today = read_left(QUARTER, today=dt.date(2026, 6, 11), revenue=read_revenue())
    assert sorted(today.index) == known
    assert read_left(QUARTER.previous(), today=dt.date(2026, 6, 11), revenue=read_revenue()).empty
