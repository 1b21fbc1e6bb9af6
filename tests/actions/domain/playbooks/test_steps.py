from __future__ import annotations

import datetime as dt

import pytest

from actions.domain.follow_ups.due import WorkHours
from actions.domain.playbooks.steps import Placeholder, due_in, filled
from surveys.domain.timing import SendWindow

FRIDAY = dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)
HOLIDAY = dt.date(2026, 12, 1)
WORK = WorkHours(
    zone=dt.UTC,
    window=SendWindow(start=dt.time(9), end=dt.time(18), weekdays=frozenset(range(5))),
    is_holiday=lambda day: day == HOLIDAY,
)


@pytest.mark.parametrize(
    ("days", "due"), [(0, (11, 27)), (1, (11, 30)), (2, (12, 2)), (5, (12, 7))]
)
def test_a_step_is_due_at_the_end_of_a_working_day(days: int, due: tuple[int, int]) -> None:
    found = due_in(FRIDAY, days=days, work=WORK)

    assert found == dt.datetime(2026, *due, 18, tzinfo=dt.UTC)


def test_what_starts_after_work_starts_with_the_next_working_day() -> None:
    late = FRIDAY.replace(hour=20)

    assert due_in(late, days=0, work=WORK) == dt.datetime(2026, 11, 30, 18, tzinfo=dt.UTC)


def test_placeholders_are_filled_once_and_other_braces_stay() -> None:
    values = {
        Placeholder.NAME: "{owner}", Placeholder.CUSTOMER: "Acme", Placeholder.OWNER: "Mika",
    }  # fmt: skip

    text = filled("{name} at {customer}: {x} {0} {owner}", values)
    assert text == "{owner} at Acme: {x} {0} Mika"
