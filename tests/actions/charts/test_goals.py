"""The picture of a goal: its course, its readings, and what it says in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from actions.charts.goals import goal_picture
from actions.models import GoalReading
from tests.actions.goals import FIRST, LAST, goal_of


def reading(days: int, status: str, **fields: Any) -> GoalReading:
    usual = {"value": 0.3, "low": 0.25, "high": 0.35, "expected": 0.21}
    return GoalReading(day=FIRST + dt.timedelta(days=days), status=status, **{**usual, **fields})


def rows_of(spec: dict[str, Any], column: str) -> list[list[Any]]:
    return [
        [row[column] for row in rows] for rows in spec["datasets"].values() if column in rows[0]
    ]


def test_the_course_goes_through_what_was_expected_to_the_target() -> None:
    goal = goal_of(pk=1)
    chart = goal_picture(goal, [reading(7, "on_course"), reading(14, "", value=None)], currency="")

    spec = chart.draw()

    assert [0.2, 0.21, 0.21, 0.4] in rows_of(spec, "expected")
    days = [FIRST, FIRST + dt.timedelta(days=7), FIRST + dt.timedelta(days=14), LAST]
    assert [f"{day}T00:00:00" for day in days] in rows_of(spec, "day")
    # What is not known is no point.
    assert rows_of(spec, "value") == [[0.3]]
    assert rows_of(spec, "shown") == [["30.0\u00a0% (25.0\u00a0% … 35.0\u00a0%)"]]


def test_a_shape_says_the_same_as_the_colour() -> None:
    spec = goal_picture(goal_of(pk=1), [reading(7, "off_course")], currency="").draw()

    marks = [each["encoding"]["shape"] for each in spec["layer"] if "shape" in each["encoding"]]
    assert len(set(marks[0]["scale"]["range"])) == len(marks[0]["scale"]["domain"]) == 4


def test_its_words_tell_the_course_and_the_last_reading() -> None:
    goal = goal_of(pk=1)
    alt = goal_picture(goal, [reading(7, "off_course")], currency="").alt()

    assert "Referral rate from 20.0" in alt
    assert "On 2026-04-08 it was 30.0" in alt
    assert "Off course" in alt
    assert "No reading yet." in goal_picture(goal, [], currency="").alt()
    assert goal_picture(goal, [], currency="").draw()["layer"]
