"""An improvement outlives the goal it was meant for."""

from __future__ import annotations

import pytest

from tests.actions.goals import make_goal, make_improvement
from tests.analytics import world

pytestmark = pytest.mark.django_db


def test_without_its_goal_it_stays() -> None:
    goal = make_goal()
    row = make_improvement(world.make_dimension("plan"), goal=goal)

    goal.delete()

    row.refresh_from_db()
    assert (row.goal, row.definition.key) == (None, "referral_rate")
