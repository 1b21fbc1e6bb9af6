"""Steps of playbooks that are due, and channels and staff that messages do not reach."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from accounts.domain.access.roles import Permission
from actions.domain.home import LineKind
from actions.models import Channel
from actions.queries.deliveries.log import attention
from actions.queries.home.found import Found, Line, Scope, nothing
from actions.queries.playbooks.tasks import Task, all_tasks, open_tasks
from analytics.queries.database.snapshot import once
from surveys.queries.calendar.days import midnight


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
    found = attention(now=scope.now)
    lines = [_of_channel(each) for each in found.channels]
    if found.mails:
        about = {"failed": found.mails}
        lines.append(Line(LineKind.CHANNEL, "mails", about, level=found.mails))
    return Found(len(lines), lambda first, last: lines[first:last])


def _of_channel(channel: Channel) -> Line:
    gone_at = channel.disabled_at
    level = int(gone_at.timestamp()) if gone_at else channel.failed  # type: ignore[attr-defined]
    return Line(LineKind.CHANNEL, str(channel.pk), channel, level=level)
