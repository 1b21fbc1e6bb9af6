"""The work list: what there is to do in its sections, each kind with how many there are in all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import StaffUser
from actions.domain.home import KINDS, LineKind, When, is_hidden
from actions.models import HiddenLine
from actions.queries.home import campaigns, customers, data, follow_ups, replies, tasks
from actions.queries.home.found import Found, Line, Scope

SHOWN = 5
# By kind, of each hidden line its key and how bad it was.
Hidden = Mapping[LineKind, Mapping[str, int]]

_FIND: Mapping[LineKind, Callable[[Scope], Found]] = {
    LineKind.TASK_OVERDUE: tasks.overdue_tasks,
    LineKind.ONBOARDING: customers.late_onboarding,
    LineKind.TASK: tasks.tasks_of_today,
    LineKind.CHANNEL: tasks.channels,
    LineKind.REPLY: replies.unsent_replies,
    LineKind.UNDECIDED: follow_ups.undecided_answers,
    LineKind.PAUSED: campaigns.paused,
    LineKind.IMPORT: data.failed_imports,
    LineKind.UNSENT: campaigns.unsent,
    LineKind.SOURCE: data.late,
    LineKind.SUSPECT: campaigns.suspect,
    LineKind.DRAFT: campaigns.drafts,
    LineKind.RENEWAL: customers.renewals,
    LineKind.GOAL: data.goals_off_course,
}


@dataclass(frozen=True, slots=True)
class Section:
    when: When
    # With those that are hidden or not shown.
    total: int
    lines: list[Line]
    # Kinds of which there are more than stand here, with how many there are in all.
    more: list[tuple[LineKind, int]]


@dataclass(frozen=True, slots=True)
class Work:
    sections: list[Section]
    # How many of the lines of this page its reader does not want to see.
    hidden: int


def find(kind: LineKind, scope: Scope) -> Found:
    if kind in follow_ups.KINDS:
        return follow_ups.due_follow_ups(scope)[kind]
    return _FIND[kind](scope)


def work(scope: Scope, hidden: Hidden) -> Work:
    found = follow_ups.due_follow_ups(scope) | {kind: of(scope) for kind, of in _FIND.items()}
    sections, kept_back = [], 0
    for when, kinds in KINDS.items():
        lines: list[Line] = []
        more = []
        for kind in kinds:
            shown, away = _split(found[kind], hidden.get(kind, {}))
            lines += shown
            kept_back += away
            if found[kind].total > len(shown) + away:
                more.append((kind, found[kind].total))
        total = sum(found[kind].total for kind in kinds)
        if total:
            sections.append(Section(when, total, sorted(lines, key=_due), more))
    return Work(sections, kept_back)


def _split(found: Found, hidden: Mapping[str, int]) -> tuple[list[Line], int]:
    """The first lines that are not hidden, and how many before them are."""
    if not found.total:
        return [], 0
    lines = found.take(0, SHOWN + len(hidden))
    open_lines = [each for each in lines if not is_hidden(each.key, each.level, hidden)]
    return open_lines[:SHOWN], len(lines) - len(open_lines)


def _due(line: Line) -> tuple[bool, dt.datetime]:
    """What has no moment of its own stands behind what has one, in the order of the kinds."""
    if isinstance(line.due, dt.datetime):
        return False, line.due
    zone = ZoneInfo(settings.TIME_ZONE)
    day = line.due or dt.date.max
    return line.due is None, dt.datetime.combine(day, dt.time.max, tzinfo=zone)


def hidden_lines(reader: StaffUser) -> Hidden:
    rows = HiddenLine.objects.filter(staff=reader).values_list("kind", "key", "level")
    found: dict[LineKind, dict[str, int]] = {}
    for kind, key, level in rows:
        # One of a version of Koe that knew other kinds is nothing to this one.
        if kind in list(LineKind):
            found.setdefault(LineKind(kind), {})[key] = level
    return found
