"""Goals are set, changed and taken away; each change is a line of the audit log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.goals import reading_days
from actions.models import Goal, GoalReading, GoalReview
from actions.queries.goals import served_by
from actions.reports.goals import goal_row
from analytics.queries.database.snapshot import one_snapshot

FIELDS = (
    "name", "metric", "dimension", "value", "parent", "first_day", "last_day", "start", "target",
    "shape", "window_days", "owner",
)  # fmt: skip
# What a reading rests on: where one of them changes, those that are kept are of another goal.
READ_BY = {
    "metric", "dimension", "value", "first_day", "last_day", "start", "target", "shape",
    "window_days",
}  # fmt: skip


class GoalCycle(ValueError):
    """A goal would serve itself."""


@transaction.atomic
def save_goal(goal: Goal, *, by: StaffUser, now: dt.datetime) -> Goal:
    """What was read of it stays unless it is measured otherwise from now on.

    Raises GoalCycle where it would serve one of those that serve it.
    """
    # One after the other: two goals that are put below each other at once would both be allowed.
    list(Goal.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    before = Goal.objects.filter(pk=goal.pk).first()
    if before and goal.parent_id in served_by(before):
        raise GoalCycle
    changed = {
        name: (getattr(before, name, None), getattr(goal, name))
        for name in FIELDS
        if before is None or getattr(before, name) != getattr(goal, name)
    }
    if before is None:
        goal.created_at = now
    goal.save()
    if before and _read_by(goal) & changed.keys():
        goal.readings.all().delete()
    if changed:
        _record(AuditAction.GOAL_SAVE, goal, by=by, now=now, changed=changed)
    return goal


def _read_by(goal: Goal) -> set[str]:
    """Without an end there is no course to be on: each reading is held against its day's target."""
    return READ_BY if goal.last_day else READ_BY - {"start", "target"}


@transaction.atomic
def delete_goal(goal: Goal, *, by: StaffUser, now: dt.datetime) -> None:
    """Those that served it serve what it served."""
    Goal.objects.filter(parent=goal).update(parent=goal.parent)
    _record(AuditAction.GOAL_DELETE, goal, by=by, now=now, changed={})
    goal.delete()


def add_review(
    goal: Goal, text: str, *, by: StaffUser, now: dt.datetime, is_comment: bool = False
) -> GoalReview:
    last = None if is_comment else goal.readings.last()
    known = {"value": last.value, "status": last.status} if last else {}
    return GoalReview.objects.create(
        goal=goal, text=text, author=by, at=now, is_comment=is_comment, **known
    )


def read_goals(*, today: dt.date) -> int:
    """Write down what is known of each goal on the days on which one is due; how many."""
    return sum(read_goal(goal, today=today) for goal in Goal.objects.order_by("pk"))


def read_goal(goal: Goal, *, today: dt.date) -> int:
    """Of whole days only. A second time adds none."""
    known = set(goal.readings.values_list("day", flat=True))
    last_whole = today - dt.timedelta(days=1)
    missing = [day for day in reading_days(goal.way, today=last_whole) if day not in known]
    # In one snapshot, so that what all days read is read once.
    with one_snapshot():
        found = [_reading(goal, day, today=today) for day in missing]
    GoalReading.objects.bulk_create(found, ignore_conflicts=True)
    return len(missing)


def _reading(goal: Goal, day: dt.date, *, today: dt.date) -> GoalReading:
    row = goal_row(goal, day=day, today=today)
    names = (
        "value", "low", "high", "numerator", "denominator", "reportable", "expected", "status",
    )  # fmt: skip
    return GoalReading(goal=goal, day=day, **{name: getattr(row, name) for name in names})


def _record(
    action: AuditAction, goal: Goal, *, by: StaffUser, now: dt.datetime, changed: dict[str, Any]
) -> None:
    before = {name: str(old) for name, (old, _) in changed.items() if old is not None}
    after = {name: str(new) for name, (_, new) in changed.items() if new is not None}
    record_event(
        action, actor=by, now=now, target=goal,
        before=_text(before), after=_text(after),
    )  # fmt: skip


def _text(values: dict[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in values.items())
