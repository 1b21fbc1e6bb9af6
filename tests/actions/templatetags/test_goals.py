"""The overview names the goals that run, with what was last read of each."""

from __future__ import annotations

import datetime as dt

import pytest

from actions.models import GoalReading
from tests.actions.goals import make_goal
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db
ALWAYS = {"first_day": dt.date(2020, 1, 1), "last_day": dt.date(2190, 1, 1)}


def test_the_overview_says_how_the_running_goals_of_all_customers_stand() -> None:
    running = make_goal(name="Running", **ALWAYS)
    GoalReading.objects.create(
        goal=running, day=ALWAYS["first_day"], reportable=True, expected=0, status="off_course"
    )
    make_goal(name="Over", first_day=ALWAYS["first_day"], last_day=dt.date(2020, 2, 1))
    make_goal(name="Of some", dimension=world.make_dimension("plan"), value="gold", **ALWAYS)
    world.give_scores(world.make_customer(), world.make_campaign(), 10)

    page = client_as("viewer").get("/analytics/").content.decode()

    line = page[page.index('class="goal-line"') :].split("</p>")[0]
    assert "Running" in line
    assert "Off course" in line
    assert "Over" not in line
    assert "Of some" not in line


def test_without_goals_there_is_no_line() -> None:
    assert "goal-line" not in client_as("viewer").get("/analytics/").content.decode()
