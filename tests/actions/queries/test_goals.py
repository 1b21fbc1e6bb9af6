"""The tree of goals, and who is below whom."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Dimension
from actions.models import GoalReading
from actions.queries.goals import goal_tree, running_goals, served_by
from tests.actions.goals import FIRST, make_goal, make_improvement
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


def test_goals_stand_below_what_they_contribute_to_with_their_readings_in_order() -> None:
    top = make_goal(name="Top")
    middle = make_goal(name="Middle", parent=top)
    bottom = make_goal(name="Bottom", parent=middle)
    for days in (7, 0):
        GoalReading.objects.create(
            goal=bottom, day=FIRST + dt.timedelta(days=days), reportable=False, expected=0
        )

    [branch] = goal_tree()
    [second] = branch.children
    [third] = second.children

    assert [branch.goal, second.goal, third.goal] == [top, middle, bottom]
    assert [each.day.day for each in third.readings] == [1, 8]
    assert (third.last, branch.last) == (third.readings[1], None)


def test_a_goal_and_all_below_it_cannot_be_what_it_contributes_to() -> None:
    top = make_goal()
    middle = make_goal(parent=top)
    bottom = make_goal(parent=middle)
    beside = make_goal()

    assert served_by(top) == {top.pk, middle.pk, bottom.pk}
    assert served_by(bottom) == {bottom.pk}
    assert beside.pk not in served_by(top)


def test_the_tree_costs_the_same_for_one_goal_and_for_many(
    django_assert_num_queries: object,
) -> None:
    for _ in range(5):
        make_goal()
    with django_assert_num_queries(3):  # type: ignore[operator]
        goal_tree()


def test_goals_that_run_cost_one_query_however_many_readings_they_have(
    django_assert_num_queries: object,
) -> None:
    read, unread = make_goal(name="Read"), make_goal(name="Unread")
    make_goal(name="Without an end", last_day=None)
    for days, status in ((7, "off_course"), (0, "on_course"), (14, "cannot_tell")):
        GoalReading.objects.create(
            goal=read, day=FIRST + dt.timedelta(days=days), reportable=True, expected=0,
            status=status,
        )  # fmt: skip

    with django_assert_num_queries(1):  # type: ignore[operator]
        found = running_goals(FIRST)

    assert found == [(read, "cannot_tell"), (unread, "")]


def test_a_segment_that_a_goal_or_an_improvement_uses_is_not_deleted() -> None:
    plan = world.make_dimension("plan")
    make_goal(dimension=plan, value="gold")
    make_improvement(plan, value="basic")

    page = client_as("admin").post(f"/settings/segments/{plan.pk}/delete/")

    assert page.status_code == 409
    said = page.content.decode()
    assert "Referrals (gold)" in said
    assert "Referral gifts (basic)" in said
    assert Dimension.objects.filter(pk=plan.pk).exists()
