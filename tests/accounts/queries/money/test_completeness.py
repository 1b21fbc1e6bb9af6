from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from accounts.queries.money.completeness import month_looks_incomplete
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)


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
