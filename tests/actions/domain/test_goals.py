"""The course of a goal, and what is said of a reading beside it."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.domain.goals import EVERY, Status, Way, YearBefore, reading_days, status_of
from analytics.domain.statistics.interval import Interval

FIRST, LAST = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
UP = Way(FIRST, LAST, start=20.0, target=32.0)
DOWN = Way(FIRST, LAST, start=0.05, target=0.02, at_most=True)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (FIRST, 0.0),
        (FIRST - dt.timedelta(days=9), 0.0),
        (FIRST + dt.timedelta(days=182), 0.5),
        (LAST, 1.0),
        (LAST + dt.timedelta(days=9), 1.0),
    ],
)
def test_a_straight_way_goes_a_part_of_itself_each_day(day: dt.date, share: float) -> None:
    assert UP.straight_share(day) == pytest.approx(share)


def test_the_course_lies_between_start_and_target() -> None:
    assert [UP.expected(share) for share in (0.0, 0.25, 1.0)] == [20.0, 23.0, 32.0]
    assert DOWN.expected(0.5) == pytest.approx(0.035)


@pytest.mark.parametrize(
    ("way", "low", "high", "status"),
    [
        (UP, 26.0, 40.0, Status.ON_COURSE),
        (UP, 25.9, 40.0, Status.CANNOT_TELL),
        (UP, 10.0, 25.9, Status.OFF_COURSE),
        (DOWN, 10.0, 26.0, Status.ON_COURSE),
        (DOWN, 10.0, 26.1, Status.CANNOT_TELL),
        (DOWN, 26.1, 40.0, Status.OFF_COURSE),
    ],
)
def test_the_interval_decides(way: Way, low: float, high: float, status: Status) -> None:
    assert status_of(way, expected=26.0, interval=Interval(low, high)) is status


def test_too_few_to_have_an_interval_can_not_tell() -> None:
    assert status_of(UP, expected=0.0, interval=None) is Status.CANNOT_TELL


def test_what_shall_stay_is_held_where_the_metric_wants_it() -> None:
    assert Way(FIRST, LAST, start=0.1, target=0.1, at_most=True).downwards
    assert not Way(FIRST, LAST, start=30, target=30).downwards
    assert Way(FIRST, LAST, start=30, target=10).downwards


def test_the_shape_of_last_year_is_its_share_of_that_years_move() -> None:
    assert YearBefore(10.0, 30.0, 15.0).share == 0.25
    # It may have gone the other way in between.
    assert YearBefore(10.0, 30.0, 5.0).share == -0.25
    assert YearBefore(0.4, 0.2, 0.3).share == pytest.approx(0.5)


@pytest.mark.parametrize(
    "before", [YearBefore(None, 1, 1), YearBefore(1, None, 1), YearBefore(1, 2, None)]
)
def test_a_year_that_is_not_known_has_no_shape(before: YearBefore) -> None:
    assert before.share is None


def test_a_year_that_did_not_move_has_no_shape() -> None:
    assert YearBefore(0.3, 0.3, 0.4).share is None


@given(
    length=st.integers(1, 900),
    late=st.integers(-5, 1000),
)
def test_readings_begin_with_the_way_and_end_with_it(length: int, late: int) -> None:
    way = Way(FIRST, FIRST + dt.timedelta(days=length), start=0, target=1)
    today = FIRST + dt.timedelta(days=late)
    days = list(reading_days(way, today=today))

    assert all(way.contains(day) and day <= today for day in days)
    assert days == sorted(set(days))
    assert (FIRST in days) == (late >= 0)
    assert (way.last_day in days) == (today >= way.last_day)
    assert all(after - before <= EVERY for before, after in pairwise(days))


def test_without_an_end_the_target_is_expected_on_every_day_and_read_every_week() -> None:
    endless = Way(FIRST, None, start=30, target=30)

    assert endless.expected(endless.straight_share(FIRST)) == 30
    assert endless.contains(LAST + EVERY)
    assert not endless.contains(FIRST - EVERY)
    assert [*reading_days(endless, today=FIRST + EVERY)] == [FIRST, FIRST + EVERY]
