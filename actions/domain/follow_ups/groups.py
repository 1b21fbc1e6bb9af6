"""Under which heading of the list a follow-up stands."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from actions.domain.follow_ups.due import is_overdue
from actions.domain.follow_ups.states import State


class Group(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    WAITING = "waiting"
    DONE = "done"


def group_of(
    state: State | str, due_at: dt.datetime, *, now: dt.datetime, zone: dt.tzinfo
) -> Group:
    if state == State.CLOSED:
        return Group.DONE
    if is_overdue(state, due_at, now=now):
        return Group.OVERDUE
    if state == State.WAITING:
        return Group.WAITING
    today, day = (moment.astimezone(zone).date() for moment in (now, due_at))
    if day == today:
        return Group.TODAY
    same_week = day.isocalendar()[:2] == today.isocalendar()[:2]
    return Group.WEEK if same_week else Group.LATER
