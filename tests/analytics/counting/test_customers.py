"""Customers in their segments, with what became of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import SegmentReport, segment_report
from tests.analytics import world

pytestmark = pytest.mark.django_db
APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def report(*by: str, **fields: object) -> SegmentReport:
    return segment_report(Filters(APRIL_TO_JUNE, by=by, **fields))


def test_customer_segment_is_the_one_at_the_start_else_the_earliest_known() -> None:
    world.make_dimension("plan")
    start = dt.date(2026, 1, 1)
    moved = world.make_customer(started_on=start, plan="now")
    world.make_version(moved, "2026-03-31", plan="at start")
    world.make_version(moved, "2026-04-01", plan="later")
    late = world.make_customer(started_on=start, plan="now")
    world.make_version(late, "2026-05-01", plan="earliest")
    world.make_version(late, "2026-06-01", plan="latest")
    world.make_customer(started_on=start, plan="now")

    rows = report("plan").rows

    assert {row.segment["plan"]: row.customers_at_start for row in rows} == {
        "at start": 1,
        "earliest": 1,
        "now": 1,
    }


def test_period_past_the_imports_does_not_call_everybody_churned() -> None:
    world.make_dimension("plan")
    world.make_customer(plan="gold", mrr={"2026-03": 100, "2026-05": 90})

    total = report("plan").total
    # What became of it in June is not known, and May is not the end of the period.
    assert (total.mrr_start, total.mrr_churned, total.nrr) == (100.0, None, None)

    by_may = segment_report(Filters(APRIL_TO_JUNE, by=("plan",), today=dt.date(2026, 6, 20))).total
    assert (by_may.mrr_start, by_may.mrr_churned, by_may.nrr) == (100.0, 0.0, 0.9)


def test_revenue_that_no_import_tells_of_is_unknown_not_zero() -> None:
    world.make_dimension("plan")
    world.make_customer(plan="gold", started_on=dt.date(2026, 1, 1), mrr={"2026-02": 100})

    total = report("plan").total

    assert (total.customers_at_start, total.mrr_start, total.grr, total.nrr) == (
        1,
        None,
        None,
        None,
    )


def test_what_another_process_changed_is_in_the_next_report() -> None:
    """Written past all code of this process, as another one's rows come to it."""
    world.make_dimension("plan")
    for plan in ("gold", "tin"):
        world.make_customer(plan=plan, started_on="2025-01-01", mrr={"2026-03": 100, "2026-06": 80})
    world.tell_of_churn()
    before = report("plan")

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_customer SET churned_on = '2026-05-05'"
            " WHERE id = (SELECT min(id) FROM accounts_customer)"
        )
        cursor.execute("UPDATE accounts_monthlyrevenue SET mrr = 50 WHERE month = '2026-06-01'")
    after = report("plan")

    assert (before.total.customers_churned, after.total.customers_churned) == (0, 1)
    assert (before.total.nrr, after.total.nrr) == (0.8, 0.5)
    assert [row.customers_churned for row in after.rows] == [1, 0]
