from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Import, Measure
from actions.models import GoalReading
from actions.queries.home.data import failed_imports, goals_off_course, late
from actions.queries.home.found import Scope
from tests.actions.goals import make_goal
from tests.staffing import make_staff
from tests.world import DAY, NOW

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def test_imports_that_failed_in_the_last_week() -> None:
    me, other = make_staff("cs"), make_staff("admin")
    for state, by, age in (
        ("refused", me, 1), ("failed", other, 1), ("failed", me, 9), ("done", me, 1),
    ):  # fmt: skip
        row = Import.objects.create(kind="customers", state=state, file_name="f", created_by=by)
        Import.objects.filter(pk=row.pk).update(created_at=NOW - age * DAY)

    assert failed_imports(Scope(me, NOW, is_mine=False)).total == 2
    [line] = failed_imports(Scope(me, NOW, is_mine=True)).take(0, 5)
    assert line.about.state == "refused"


def test_a_late_source_is_worse_each_week_and_another_one_once_it_came() -> None:
    days = [f"{TODAY - dt.timedelta(days=back)}" for back in range(14, 9, -1)]
    row = Measure.objects.create(
        key="logins", first_day=days[0], last_day=days[-1], recent_days=days, arrivals=[]
    )
    me = make_staff("cs")

    def line(now: dt.datetime) -> tuple[str, int]:
        [found] = late(Scope(me, now, is_mine=True)).take(0, 5)
        return found.key, found.level

    key, level = line(NOW)
    assert line(NOW + 7 * DAY) == (key, level + 1)
    Measure.objects.filter(pk=row.pk).update(last_day=TODAY - dt.timedelta(days=4))
    assert line(NOW)[0] != key


def test_goals_that_are_off_course_by_their_last_reading() -> None:
    off, back, never = (make_goal(name=name) for name in ("off", "back", "never"))
    make_goal(first_day=dt.date(2024, 1, 1), last_day=dt.date(2025, 1, 1))
    for goal, day, status in (
        (off, 1, "on_course"), (off, 8, "off_course"),
        (back, 1, "off_course"), (back, 8, "on_course"),
    ):  # fmt: skip
        GoalReading.objects.create(
            goal=goal, day=dt.date(2026, 11, day), value=0.2, expected=0.3, reportable=True,
            status=status,
        )  # fmt: skip

    standing = make_goal(name="standing", last_day=None)
    GoalReading.objects.create(
        goal=standing, day=dt.date(2026, 11, 8), value=0.3, expected=0.4, reportable=True,
        status="off_course",
    )  # fmt: skip
    line, without_end = goals_off_course(Scope(make_staff("cs"), NOW, is_mine=True)).take(0, 5)

    assert line.about[0] == off
    assert (line.due, line.level) == (off.last_day, 4)
    assert (without_end.about[0], without_end.due) == (standing, None)
    assert never.readings.count() == 0
