from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.metrics.said import Said, graded, is_due

DAY = dt.date(2026, 3, 1)


def said(days: int, value: float | None, status: str) -> Said:
    return Said(DAY + dt.timedelta(days=days), "nps", 20, value, status)


@pytest.mark.parametrize(
    ("status", "later", "at_most", "true"),
    [
        ("met", 20, False, True),
        ("met", 19.9, False, False),
        ("missed", 19.9, False, True),
        ("missed", 21, False, False),
        ("met", 19.9, True, True),
        ("missed", 21, True, True),
        ("open", 30, False, None),
        ("", 30, False, None),
        ("met", None, False, None),
    ],
)
def test_what_was_said_is_held_against_the_weeks_after_it(
    status: str, later: float | None, at_most: bool, true: bool | None
) -> None:
    # The weeks of the first reach back behind the day.
    after = [said(83, 0 if at_most is False else 99, "met"), said(84, later, "open")]

    found = graded(said(0, 25, status), after=after, at_most=at_most)

    assert (found.later, found.came_true) == (later, true)


def test_a_status_is_said_every_four_weeks() -> None:
    assert is_due(DAY, last=None)
    assert is_due(DAY, last=DAY - dt.timedelta(days=28))
    assert not is_due(DAY, last=DAY - dt.timedelta(days=27))
