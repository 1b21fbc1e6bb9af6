"""The share of customers in a band: by the last night, as set by hand, of a segment."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Dimension
from actions.domain.goals import key_of_band
from actions.reports.goals import goal_report, goal_row
from actions.reports.health_share import share_in_band
from analytics.domain.metrics.estimates import UNKNOWN
from analytics.models import HealthOverride
from tests.actions.goals import make_goal
from tests.analytics import world
from tests.analytics.health import DAY, NOW, make_scored, publish, tick

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)


@pytest.fixture
def plan() -> Dimension:
    """Of each plan 12 customers, 8 in good health; of gold one is called good by hand, and one is
    too new to be judged."""
    dimension = world.make_dimension("plan")
    publish()
    for plan in ("gold", "basic"):
        found = [make_scored(10 if number < 8 else 0, plan=plan) for number in range(12)]
    for each in (make_scored(0, plan="gold"), found[-1]):
        HealthOverride.objects.create(
            customer=each, band="good", reason="x", since=DAY, until=DAY + ONE, created_at=NOW
        )
    make_scored(10, plan="gold", started_on=DAY)
    tick()
    return dimension


def test_it_is_of_a_segment_by_the_bands_that_hold(plan: Dimension) -> None:
    gold, basic = (share_in_band("good", plan, value, day=DAY) for value in ("gold", "basic"))

    assert (gold.numerator, gold.denominator) == (9, 13)
    assert (basic.numerator, basic.denominator) == (9, 12)


def test_a_goal_can_be_of_a_band(plan: Dimension) -> None:
    days = {"first_day": DAY - 9 * ONE, "last_day": DAY + 9 * ONE}
    goal = make_goal(metric=key_of_band("good"), start=0.4, target=0.5, **days)

    row = goal_row(goal, day=DAY, today=DAY + ONE)

    assert (row.numerator, row.denominator, row.unit) == (18, 25, "share")
    assert row.value == 0.72
    assert (row.low or 0) < 0.72 < (row.high or 0)
    assert row.status == "on_course"
    [table] = goal_report([goal], day=DAY, today=DAY + ONE).tables()
    assert table.row_kinds == ["percent"]


def test_a_night_counts_for_the_week_after_it_and_no_longer(plan: Dimension) -> None:
    assert share_in_band("good", None, "", day=DAY + 6 * ONE).denominator == 25
    assert share_in_band("good", None, "", day=DAY + 7 * ONE) == UNKNOWN
    assert share_in_band("good", None, "", day=DAY - ONE) == UNKNOWN
