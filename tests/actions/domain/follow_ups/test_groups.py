from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from actions.domain.follow_ups.groups import Group, group_of
from actions.domain.follow_ups.states import State

TOKYO = ZoneInfo("Asia/Tokyo")
# A Thursday.
NOW = dt.datetime(2026, 11, 26, 16, tzinfo=TOKYO)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "due", "group"),
    [
        (State.OPEN, NOW - HOUR, Group.OVERDUE),
        (State.OPEN, NOW + HOUR, Group.TODAY),
        (State.WORKING, NOW + DAY, Group.WEEK),
        (State.OPEN, NOW + 4 * DAY, Group.LATER),
        (State.WAITING, NOW + HOUR, Group.WAITING),
        # Put off until a day that has passed: it is due like any other.
        (State.WAITING, NOW - HOUR, Group.OVERDUE),
        (State.CLOSED, NOW - HOUR, Group.DONE),
    ],
)
def test_what_is_due_when(state: State, due: dt.datetime, group: Group) -> None:
    assert group_of(state, due, now=NOW, zone=TOKYO) == group
