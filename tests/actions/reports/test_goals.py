"""Where goals stand on a day, by the report of the metric itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest

from actions.reports.goals import goal_report, goal_row
from tests.actions.goals import FIRST, LAST, goal_of, make_goal
from tests.analytics import world
from tests.analytics.management.commanding import run
from tests.analytics.metrics import happened, told

pytestmark = pytest.mark.django_db
JULY = dt.date(2026, 7, 1)
TODAY = dt.date(2026, 9, 1)


@pytest.fixture
def customers() -> list[Any]:
    """Sixty, of whom twelve referred somebody in May; half of them on gold."""
    world.make_dimension("plan")
    found = [
        world.make_customer(started_on=dt.date(2024, 1, 1), plan="gold" if n % 2 else "basic")
        for n in range(60)
    ]
    for customer in found[:12]:
        happened(customer, "referred", "2026-05-05")
    told("events:referred")
    return found


def test_a_goal_stands_where_its_metric_does_beside_its_course(customers: list[Any]) -> None:
    row = goal_row(make_goal(), day=JULY, today=TODAY)

    assert (row.numerator, row.denominator, row.value) == (12, 60, 0.2)
    assert row.expected == pytest.approx(0.2 + 0.2 * 91 / 363)
    assert (row.low or 1.0) < row.expected
    assert row.status == "cannot_tell"


@pytest.mark.parametrize(
    ("start", "target", "status"),
    [(0.0, 0.05, "on_course"), (0.5, 0.9, "off_course"), (0.9, 0.5, "on_course")],
)
def test_the_interval_decides_on_the_side_that_is_wanted(
    customers: list[Any], start: float, target: float, status: str
) -> None:
    goal = make_goal(start=start, target=target)

    assert goal_row(goal, day=JULY, today=TODAY).status == status


def test_a_limit_without_end_is_on_one_side_of_the_course_all_the_same() -> None:
    """Twelve tickets of twelve customers, seven of them replied to after a day: of their median
    only the lower limit is known."""
    for number in range(12):
        customer = world.make_customer(started_on=dt.date(2024, 1, 1))
        happened(customer, "ticket_opened", "2026-05-05", f"T{number}")
        if number < 7:
            happened(customer, "ticket_replied", "2026-05-06", f"T{number}")
    for kind in ("ticket_opened", "ticket_replied"):
        told(f"events:{kind}")
    goal = make_goal(metric="first_response_hours", start=10.0, target=5.0)

    row = goal_row(goal, day=JULY, today=TODAY)

    assert row.high is None
    assert (row.low or 0.0) > row.expected
    assert row.status == "off_course"


def test_a_goal_of_a_segment_counts_its_customers_alone(customers: list[Any]) -> None:
    plan = world.make_dimension("size")
    goal = make_goal(dimension=plan, value="large")
    for customer in customers[:20]:
        customer.attributes = {**customer.attributes, "size": "large"}
        customer.save()

    row = goal_row(goal, day=JULY, today=TODAY)

    assert (row.segment, row.numerator, row.denominator) == ("size=large", 12, 20)


def test_before_it_begins_and_where_nothing_is_known_it_has_no_status(
    customers: list[Any],
) -> None:
    before = FIRST - dt.timedelta(days=1)
    unknown = make_goal(metric="community_rate")

    assert goal_row(make_goal(), day=before, today=TODAY).status == ""
    row = goal_row(unknown, day=JULY, today=TODAY)
    assert (row.value, row.status) == (None, "")


def test_after_its_end_it_stands_where_it_stood(customers: list[Any]) -> None:
    goal, later = make_goal(), LAST + dt.timedelta(days=400)

    assert goal_row(goal, day=later, today=later) == goal_row(goal, day=LAST, today=later)


def test_the_course_has_the_shape_of_the_year_before(customers: list[Any]) -> None:
    for chosen, day in ((6, "2025-02-10"), (9, "2025-06-05"), (12, "2026-03-05")):
        for customer in customers[:chosen]:
            happened(customer, "referred", day)
    goal = make_goal(shape="last_year")

    # That year went from 6 to 12, and a year before the day it was at 9.
    row = goal_row(goal, day=JULY, today=TODAY)

    assert row.expected == pytest.approx(0.2 + 0.2 / 2)


def test_without_a_year_before_the_course_is_straight() -> None:
    goal = goal_of(shape="last_year")
    straight = goal_of()

    assert (
        goal_row(goal, day=JULY, today=TODAY).expected
        == goal_row(straight, day=JULY, today=TODAY).expected
    )


def test_the_command_says_where_each_goal_stands(customers: list[Any]) -> None:
    goal = make_goal()
    below = make_goal(name="Below", parent=goal)
    on = ("--on", JULY.isoformat())

    found = json.loads(run("report_goals", *on))
    rows = list(csv.DictReader(io.StringIO(run("report_goals", *on, "--format", "csv"))))

    assert found["on"] == "2026-07-01"
    assert [each["goal"] for each in found["goals"]] == [goal.pk, below.pk]
    assert found["goals"][1]["parent"] == goal.pk
    assert [each["name"] for each in rows] == ["Referrals", "Below"]
    assert [*rows[0]] == [*found["goals"][0]]
    expected = goal_report([goal], day=JULY, today=TODAY).rows[0]
    assert found["goals"][0]["value"] == expected.value
