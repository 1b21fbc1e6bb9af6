"""The goals of the demo world."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import StaffUser
from accounts.queries.targets import known_targets
from actions.demo.goals import BEGAN, TARGETS, seed_goals
from actions.models import Goal, GoalReview
from tests.analytics import world
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


def test_what_is_not_known_in_the_world_has_no_goal_and_the_rest_is_read() -> None:
    make_staff("admin")
    for _ in range(12):
        world.make_customer(started_on=dt.date(2024, 1, 1))

    seed_goals(today=TODAY)

    [goal] = Goal.objects.exclude(last_day=None)
    assert (goal.metric, goal.start, goal.target) == ("customer_churn_rate", 0.0, 0.0)
    assert goal.first_day == TODAY - BEGAN
    assert goal.readings.count() == BEGAN.days // 7
    assert GoalReview.objects.get().goal == goal
    assert known_targets() == TARGETS


def test_without_an_admin_it_says_so() -> None:
    assert not StaffUser.objects.exists()
    with pytest.raises(RuntimeError, match="no admin"):
        seed_goals(today=TODAY)
