"""Goals are set, changed, reviewed and taken away; what was read of them stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent, StaffUser
from actions.models import Goal, GoalReading
from actions.services.goals import (
    GoalCycle,
    add_review,
    delete_goal,
    read_goal,
    read_goals,
    save_goal,
)
from tests.actions.goals import FIRST, LAST, NOW, goal_of, make_goal
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db
LATER = FIRST + dt.timedelta(days=20)


@pytest.fixture
def admin() -> StaffUser:
    return make_staff("admin")


def test_setting_a_goal_and_changing_it_are_lines_of_the_audit_log(admin: StaffUser) -> None:
    goal = save_goal(goal_of(), by=admin, now=NOW)
    goal.target = 0.5
    save_goal(goal, by=admin, now=NOW)
    save_goal(goal, by=admin, now=NOW)

    first, second = AuditEvent.objects.filter(action="goal.save").order_by("pk")
    assert (first.actor, first.target) == (admin, "Referrals")
    assert "target: 0.4" in first.detail["after"]
    assert (second.detail["before"], second.detail["after"]) == ("target: 0.4", "target: 0.5")


def test_readings_are_of_the_days_that_are_over_and_are_taken_once(admin: StaffUser) -> None:
    goal = save_goal(goal_of(), by=admin, now=NOW)

    assert read_goals(today=FIRST) == 0
    assert read_goals(today=LATER) == 3
    assert read_goals(today=LATER) == 0

    days = list(goal.readings.values_list("day", flat=True))
    assert days == [FIRST + dt.timedelta(days=n) for n in (0, 7, 14)]
    assert read_goal(goal, today=LAST + dt.timedelta(days=99)) == 50
    assert goal.readings.last().day == LAST


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [("name", "Other", True), ("target", 0.9, False), ("window_days", 28, False)],
)
def test_what_was_read_goes_where_it_is_measured_otherwise(
    admin: StaffUser, field: str, value: object, kept: bool
) -> None:
    goal = save_goal(goal_of(), by=admin, now=NOW)
    read_goals(today=LATER)
    setattr(goal, field, value)
    save_goal(goal, by=admin, now=NOW)

    assert GoalReading.objects.exists() is kept


def test_a_goal_cannot_serve_itself_or_those_below_it(admin: StaffUser) -> None:
    top = make_goal(name="Top")
    middle = make_goal(name="Middle", parent=top)
    bottom = make_goal(name="Bottom", parent=middle)
    for parent in (top, middle, bottom):
        top.parent = parent
        with pytest.raises(GoalCycle):
            save_goal(top, by=admin, now=NOW)


def test_those_that_served_a_goal_serve_what_it_served(admin: StaffUser) -> None:
    top = make_goal(name="Top")
    middle = make_goal(name="Middle", parent=top)
    bottom = make_goal(name="Bottom", parent=middle)
    add_review(middle, "It goes.", by=admin, now=NOW)

    delete_goal(middle, by=admin, now=NOW)

    bottom.refresh_from_db()
    assert bottom.parent == top
    assert not Goal.objects.filter(name="Middle").exists()
    assert AuditEvent.objects.filter(action="goal.delete", target="Middle").exists()


def test_a_review_keeps_what_was_known_when_it_was_written(admin: StaffUser) -> None:
    goal = make_goal()
    assert (add_review(goal, "Too early.", by=admin, now=NOW).value) is None
    GoalReading.objects.create(
        goal=goal, day=FIRST, value=0.3, reportable=True, expected=0.2, status="on_course"
    )

    review = add_review(goal, "It goes well.", by=admin, now=NOW)

    assert (review.value, review.status, review.author) == (0.3, "on_course", admin)
    comment = add_review(goal, "Who calls?", by=admin, now=NOW, is_comment=True)
    assert (comment.value, comment.status, comment.is_comment) == (None, "", True)
