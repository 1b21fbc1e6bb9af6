from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.timing import ANY_TIME, Pace, SendWindow, TimingError, is_allowed

START = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = [ZoneInfo(name) for name in ("Asia/Tokyo", "America/New_York", "Asia/Kathmandu", "UTC")]


def test_pace_gives_out_each_step_once_in_order() -> None:
    pace = Pace(START, per_hour=3)
    taken = [pace.take(not_before=START, zone=UTC, window=ANY_TIME) for _ in range(4)]
    assert taken == [START + HOUR * step / 3 for step in range(4)]


def test_pace_fills_the_gaps_between_steps_used_before() -> None:
    used = [START, START + HOUR, START + 3 * HOUR]
    pace = Pace(START, per_hour=1, used=used)
    taken = [pace.take(not_before=START, zone=UTC, window=ANY_TIME) for _ in range(3)]
    assert taken == [START + 2 * HOUR, START + 4 * HOUR, START + 5 * HOUR]


def test_pace_starts_with_the_step_at_or_after_the_moment() -> None:
    pace = Pace(START, per_hour=2)
    late = START + timedelta(minutes=31)
    assert pace.take(not_before=late, zone=UTC, window=ANY_TIME) == START + HOUR


@given(
    per_hour=st.integers(1, 7000),
    turns=st.lists(st.sampled_from(ZONES), min_size=1, max_size=60),
    kept=st.sets(st.integers(0, 40)),
)
def test_pace_keeps_window_and_rate_whatever_the_zones(
    per_hour: int, turns: list[ZoneInfo], kept: set[int]
) -> None:
    window = SendWindow(start=time(9), end=time(17))
    used = [START + HOUR * step / per_hour for step in sorted(kept)]
    pace = Pace(START, per_hour=per_hour, used=used)
    taken = [pace.take(not_before=START, zone=zone, window=window) for zone in turns]
    assert max(Counter([*used, *taken]).values()) == 1
    steps = sorted((moment - START) / HOUR * per_hour for moment in [*used, *taken])
    assert all(abs(step - round(step)) < 1e-3 for step in steps)
    for moment, zone in zip(taken, turns, strict=True):
        assert is_allowed(moment, zone=zone, window=window)


def test_pace_refuses_a_window_between_two_of_its_steps() -> None:
    pace = Pace(START, per_hour=1)
    narrow = SendWindow(start=time(9, 15), end=time(9, 45))
    with pytest.raises(TimingError, match="shorter than the time between two mails"):
        pace.take(not_before=START, zone=UTC, window=narrow)


def test_pace_of_nothing_is_refused() -> None:
    with pytest.raises(TimingError, match="at least one mail"):
        Pace(START, per_hour=0)
