from __future__ import annotations

import datetime as dt

from actions.domain.home import (
    HIDEABLE,
    KINDS,
    LineKind,
    gap_level,
    is_hidden,
    renewal_level,
    weeks_between,
)


def test_each_kind_stands_in_one_section() -> None:
    placed = [kind for kinds in KINDS.values() for kind in kinds]

    assert sorted(placed) == sorted(LineKind)


def test_what_a_customer_said_and_tasks_cannot_be_hidden() -> None:
    said = {LineKind.OVERDUE, LineKind.TODAY, LineKind.NEW, LineKind.UNDECIDED}
    tasks = {LineKind.TASK, LineKind.TASK_OVERDUE}

    assert set(LineKind) - said - tasks == HIDEABLE


def test_a_hidden_line_comes_back_when_it_gets_worse() -> None:
    hidden = {"a": 3}

    assert [is_hidden("a", level, hidden) for level in (2, 3, 4)] == [True, True, False]
    assert not is_hidden("b", 0, hidden)


def test_a_renewal_is_worse_with_each_step_and_in_the_worst_band() -> None:
    days = [90, 60, 30, 14, 7, 1]

    levels = [renewal_level(each, is_worst=False) for each in days]
    assert levels == sorted(set(levels))
    # Whoever fell into the worst band is back, however far the day is.
    assert renewal_level(90, is_worst=True) > levels[-1]


def test_what_is_late_is_worse_each_week() -> None:
    since = dt.date(2026, 11, 2)

    found = [weeks_between(since, since + dt.timedelta(days=each)) for each in (0, 6, 7, 14)]
    assert found == [0, 0, 1, 2]


def test_a_goal_is_worse_in_tenths_of_its_way() -> None:
    found = [gap_level(each, expected=30, start=20, target=40) for each in (30, 28.1, 28, 10)]

    assert found == [0, 0, 1, 10]
    assert gap_level(0.5, expected=1, start=1, target=1) == 5
