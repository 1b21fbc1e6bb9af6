from __future__ import annotations

import datetime as dt

import pytest

from actions.domain.rules.occasions import (
    LATE_FOR,
    contracted,
    crossed_on,
    onboarding_late,
    renews_soon,
)

TODAY, DAY = dt.date(2026, 11, 24), dt.timedelta(days=1)


@pytest.mark.parametrize(("days", "soon"), [(-1, False), (0, True), (90, True), (91, False)])
def test_a_renewal_is_near_until_its_day(days: int, soon: bool) -> None:
    assert renews_soon(TODAY + days * DAY, on=TODAY, within=90) is soon


@pytest.mark.parametrize(
    ("before", "after", "fell"),
    [(100, 90, True), (100, 91, False), (100, 0, False), (0, 0, False), (0, 5, False)],
)
def test_a_contraction_leaves_something(before: float, after: float, fell: bool) -> None:
    assert contracted(before, after, percent=10) is fell


@pytest.mark.parametrize(
    ("days", "late"), [(90, False), (91, True), (90 + LATE_FOR, True), (91 + LATE_FOR, False)]
)
def test_onboarding_is_late_from_the_day_after_on_and_not_for_ever(days: int, late: bool) -> None:
    assert onboarding_late(TODAY - days * DAY, on=TODAY, after=90) is late


@pytest.mark.parametrize(
    ("nights", "day"),
    [("01", 1), ("0110", None), ("11", None), ("0101", 3), ("1", None), ("", None)],
)
def test_the_night_on_which_the_band_was_come_into(nights: str, day: int | None) -> None:
    given = [(TODAY + place * DAY, each == "1") for place, each in enumerate(nights)]

    assert crossed_on(given) == (None if day is None else TODAY + day * DAY)
