from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.segments import MRR
from accounts.models import Dimension, MonthlyRevenue
from accounts.queries.revenue import month_known_on, mrr_known_on, with_mrr
from tests.world import make_customer

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)


@pytest.fixture
def paying() -> tuple[int, int]:
    """The one pays in both months, the other one in the first only."""
    one, other = make_customer(), make_customer()
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

    assert with_mrr(given, dimensions=[plan], day=dt.date(2026, 11, 1)) == given
    assert with_mrr(given, dimensions=[plan, size], day=dt.date(2026, 11, 1)) == {
        one: {"plan": "pro", MRR: "1200.50"},
        other: {MRR: "0"},
    }
    assert with_mrr(given, dimensions=[size], day=SEPTEMBER)[one] == {"plan": "pro", MRR: ""}
