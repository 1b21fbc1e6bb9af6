"""Steps of playbooks that are due, and channels that messages no longer reach."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from accounts.domain.roles import Permission
from actions.domain.home import LineKind
from actions.queries.deliveries.log import attention
from actions.queries.home.found import Found, Line, Scope, nothing
from actions.queries.playbooks.tasks import Task, all_tasks, open_tasks
from analytics.queries.database.snapshot import once
from surveys.queries.days import midnight


def overdue_tasks(scope: Scope) -> Found:
    return _found(LineKind.TASK_OVERDUE, [each for each in _tasks(scope) if each.is_overdue])


def tasks_of_today(scope: Scope) -> Found:
    tomorrow = midnight(scope.today, days=1)
    assert tomorrow is not None  # noqa: S101 - of a day
    due = [each for each in _tasks(scope) if not each.is_overdue and each.due_at < tomorrow]
    return _found(LineKind.TASK, due)


def _tasks(scope: Scope) -> list[Task]:
    return once(f"tasks {scope.reader.pk} {scope.is_mine}", partial(_read, scope))


def _read(scope: Scope) -> list[Task]:
    """One's own, and those of nobody."""
    if not scope.is_mine:
        return all_tasks(scope.now)
    found = open_tasks(scope.reader, scope.now) + open_tasks(None, scope.now)
    return sorted(found, key=lambda task: (task.due_at, task.run.pk))


def _found(kind: LineKind, tasks: Sequence[Task]) -> Found:
    return Found(len(tasks), partial(_lines, kind, tasks))


def _lines(kind: LineKind, tasks: Sequence[Task], first: int, last: int) -> list[Line]:
    return [
        Line(kind, f"{each.run.pk} {each.step.pk if each.step else 0}", each, due=each.due_at)
        for each in tasks[first:last]
    ]


def channels(scope: Scope) -> Found:
    """For who can set them right. One that is gone is worse than one that fails now and then."""
    if not scope.reader.may(Permission.MANAGE_SETTINGS):
        return Found(0, nothing)
    rows = attention(now=scope.now).channels
    return Found(
        len(rows),
        lambda first, last: [
            Line(
                LineKind.CHANNEL,
                str(each.pk),
                each,
                level=int(each.disabled_at.timestamp()) if each.disabled_at else each.failed,  # type: ignore[attr-defined]
            )
            for each in rows[first:last]
        ],
    )
