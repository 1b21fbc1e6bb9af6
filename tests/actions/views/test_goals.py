"""The pages of goals, as their readers and an admin have them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from actions.models import Goal, GoalReading
from tests.actions.goals import FIRST, make_goal, make_target
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


def reading(goal: Goal, days: int, status: str, **fields: Any) -> None:
    usual = {"value": 0.3, "low": 0.25, "high": 0.35, "reportable": True, "expected": 0.21}
    day = FIRST + dt.timedelta(days=days)
    GoalReading.objects.create(goal=goal, day=day, status=status, **{**usual, **fields})


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_tree_says_of_each_where_it_stands() -> None:
    top = make_goal(name="For the board")
    reading(make_goal(name="Below it", parent=top), 7, "off_course", denominator=60)

    page = words(client_as("viewer").get("/goals/"))

    assert page.index("For the board") < page.index("<ul>") < page.index("Below it")
    assert "1 off course" in page
    assert "No reading yet." in page
    assert "30.0 %" in page
    assert "25.0 % to 35.0 %" in page
    assert "expected 21.0 %" in page
    assert "/goals/new/" not in page


def test_goals_without_an_end_stand_in_one_table() -> None:
    goal = make_target("referral_rate", "0.35")
    reading(goal, 7, "on_course", expected=0.35, value=0.4, low=0.36)

    admin = client_as("admin")
    page = words(admin.get("/goals/"))
    table = page[page.index("Targets without an end") :]

    assert 'class="goal-tree"' not in page
    assert f'href="/goals/{goal.pk}/">Referral rate</a>' in table
    assert "35.0 %" in table
    assert "40.0 %" in table
    assert 'href="/settings/targets/"' in table
    one = words(client_as("viewer").get(f"/goals/{goal.pk}/"))
    assert "without an end" in one
    assert "Target met" in one
    assert admin.get(f"/goals/{goal.pk}/chart.svg").status_code == 200


def test_an_empty_page_says_what_a_goal_is_and_who_may_sets_one() -> None:
    assert "/goals/new/" in client_as("admin").get("/goals/").content.decode()
    page = client_as("viewer").get("/goals/").content.decode()
    assert "No goals yet" in page
    assert "/goals/new/" not in page


def test_a_review_is_written_beside_the_goal_and_stays() -> None:
    goal = make_goal()
    reading(goal, 0, "on_course")
    client = client_as("cs")

    empty = client.post(f"/goals/{goal.pk}/review/", {"text": " "})
    client.post(f"/goals/{goal.pk}/review/", {"text": "It goes <well>."})
    client.post(f"/goals/{goal.pk}/review/", {"text": "Who <calls>?", "is_comment": "1"})
    odd = client.post(f"/goals/{goal.pk}/review/", {"text": "Odd.", "is_comment": "2"})

    assert odd.status_code == 422
    assert empty.status_code == 422
    page = words(client.get(f"/goals/{goal.pk}/"))
    assert "It goes &lt;well&gt;." in page
    assert page.count("it was 30.0 %: On course") == 1
    log = page.split('class="reviews"')[1]
    assert log.index("Who &lt;calls&gt;?") < log.index("It goes &lt;well&gt;.")
    assert "Who &lt;calls&gt;?" in words(client.get("/goals/"))


def test_a_goal_goes_after_it_was_asked() -> None:
    goal = make_goal()
    client = client_as("admin")

    assert (
        "is deleted with its readings" in client.get(f"/goals/{goal.pk}/delete/").content.decode()
    )
    assert Goal.objects.exists()
    client.post(f"/goals/{goal.pk}/delete/")
    assert not Goal.objects.exists()


def test_the_files_are_what_the_command_says_and_the_picture_is_drawn() -> None:
    goal = make_goal()
    reading(goal, 0, "cannot_tell", value=None, low=None, high=None)
    reading(goal, 7, "on_course", low=None)
    client = client_as("viewer")

    assert [each["name"] for each in json.loads(client.get("/goals/?format=json").content)["goals"]]
    assert client.get("/goals/?format=exe").status_code == 404
    drawn = client.get(f"/goals/{goal.pk}/chart.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert "Is it on course? Referrals" in drawn.content.decode()
    assert client.get(f"/goals/{goal.pk}/chart.exe").status_code == 404
