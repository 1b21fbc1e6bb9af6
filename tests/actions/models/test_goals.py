"""What the database itself refuses of goals."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from actions.models import GoalReading
from tests.actions.goals import FIRST, goal_of, make_goal
from tests.analytics import world

pytestmark = pytest.mark.django_db


def test_a_goal_ends_after_it_begins_and_is_read_once_a_day() -> None:
    goal = make_goal()
    GoalReading.objects.create(goal=goal, day=FIRST, reportable=False, expected=0)
    for wrong in (
        goal_of(last_day=FIRST, created_at=goal.created_at),
        GoalReading(goal=goal, day=FIRST, reportable=False, expected=0),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_a_goal_is_of_the_customers_of_its_segment() -> None:
    assert make_goal().where == {}
    plan = world.make_dimension("plan")
    assert make_goal(dimension=plan, value="gold").where == {"plan": ["gold"]}


def test_its_way_knows_what_is_wanted_of_the_metric() -> None:
    churn = goal_of(metric="customer_churn_rate", start=0.1, target=0.1)
    assert churn.way.downwards
    assert not goal_of(start=0.1, target=0.1).way.downwards
