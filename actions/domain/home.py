"""The work list of the first page: what kinds of lines it has, and which of them one may hide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum


class LineKind(StrEnum):
    OVERDUE = "overdue"
    TASK_OVERDUE = "task-overdue"
    ONBOARDING = "onboarding"
    TODAY = "today"
    TASK = "task"
    REPLY = "reply"
    UNDECIDED = "undecided"
    PAUSED = "paused"
    IMPORT = "import"
    UNSENT = "unsent"
    SOURCE = "source"
    SUSPECT = "suspect"
    CHANNEL = "channel"
    DRAFT = "draft"
    NEW = "new"
    RENEWAL = "renewal"
    GOAL = "goal"


class When(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"


# In the order of the page.
KINDS: Mapping[When, tuple[LineKind, ...]] = {
    When.OVERDUE: (LineKind.OVERDUE, LineKind.TASK_OVERDUE, LineKind.ONBOARDING),
    When.TODAY: (
        *(LineKind.TODAY, LineKind.TASK, LineKind.REPLY, LineKind.UNDECIDED, LineKind.PAUSED),
        *(
            LineKind.IMPORT,
            LineKind.UNSENT,
            LineKind.CHANNEL,
            LineKind.SOURCE,
            LineKind.SUSPECT,
            LineKind.DRAFT,
        ),
    ),
    When.LATER: (LineKind.NEW, LineKind.RENEWAL, LineKind.GOAL),
}
# What a customer said is snoozed or dismissed with a reason, where everybody sees it; a task of a
# playbook is done or skipped there.
HIDEABLE = frozenset(LineKind) - {
    *(LineKind.OVERDUE, LineKind.TODAY, LineKind.UNDECIDED, LineKind.NEW),
    *(LineKind.TASK, LineKind.TASK_OVERDUE),
}

# Each of them that is passed makes a renewal more pressing.
_RENEWAL_STEPS = (60, 30, 14, 7, 1)


def is_hidden(key: str, level: int, hidden: Mapping[str, int]) -> bool:
    """As long as it is no worse than it was when it was hidden."""
    return key in hidden and level <= hidden[key]


def renewal_level(days: int, *, is_worst: bool) -> int:
    passed = sum(days <= step for step in _RENEWAL_STEPS)
    return passed + (len(_RENEWAL_STEPS) + 1 if is_worst else 0)


def weeks_between(since: dt.date, today: dt.date) -> int:
    """Whole ones: what is late is worse each week."""
    return (today - since).days // 7


def gap_level(value: float, *, expected: float, start: float, target: float) -> int:
    """How far beside its course a goal is, in tenths of the whole way."""
    way = abs(target - start) or abs(target) or 1.0
    return int(10 * abs(value - expected) / way)
