from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.domain.campaigns.occasions import (
    Repeat,
    Rounds,
    around,
    kept_for,
    months_after,
    rest_of,
    share_of,
)
from surveys.domain.frequency import Kept

START = dt.date(2027, 1, 4)
DAY = dt.timedelta(days=1)


def on_working_days(day: dt.date) -> bool:
    return day.weekday() < 5


def rounds(months: int = 6, *, start: dt.date = START, late: int = 14) -> Rounds:
    return Rounds(start, months, late, on_working_days, dt.UTC)


def test_a_round_is_spread_evenly_over_its_working_days() -> None:
    half_year = rounds()
    shares = [share_of(person, campaign_id=7) for person in range(5000)]
    days = Counter(next(half_year.occasions(each, day=START)).due_at.date() for each in shares)

    assert all(on_working_days(day) for day in days)
    # 130 days of 38 on average; by chance alone hardly more than 65 on one.
    assert len(days) == 130
    assert max(days.values()) < 70
    assert min(days.values()) > 10


def test_everybody_keeps_their_place_from_round_to_round() -> None:
    for person in range(20):
        share = share_of(person, campaign_id=7)
        assert share == share_of(person, campaign_id=7)
        dues = [each.due_at for each in islice(rounds().occasions(share, day=START), 6)]
        assert all(176 <= (later - one).days <= 190 for one, later in pairwise(dues))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 24), st.dates(dt.date(2026, 1, 1), dt.date(2029, 1, 1)),
    st.floats(0, 1, exclude_max=True), st.integers(0, 60), st.integers(0, 800),
)  # fmt: skip
def test_occasions_follow_each_other_none_is_over_and_none_is_left_out(
    months, start, share, late, ahead
) -> None:
    day = start + ahead * DAY
    found = list(islice(rounds(months, start=start, late=late).occasions(share, day=day), 4))
    everything = list(
        islice(rounds(months, start=start, late=late).occasions(share, day=start), 40)
    )

    assert all(one.over_at <= later.due_at for one, later in pairwise(everything))
    assert len({each.key for each in everything}) == len(everything)
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    assert found == [each for each in everything if each.over_at > midnight][:4]


@pytest.mark.parametrize(
    ("days", "due"),
    [(0, "2027-01-04"), (-2, "2027-01-04"), (5, "2027-01-11"), (-90, "2026-10-06")],
)
def test_a_date_is_asked_about_on_the_next_working_day(days, due) -> None:
    found = around(START, days=days, latest_days=3, is_open=on_working_days, zone=dt.UTC)

    assert (found.key, found.due_at.date().isoformat()) == ("2027-01-04", due)
    assert found.over_at - found.due_at == 4 * DAY


def test_without_a_working_day_the_day_itself_is_taken() -> None:
    never = Rounds(START, 1, 0, lambda day: False, dt.UTC)

    assert next(never.occasions(0.0, day=START)).due_at.date() == START
    asked = around(START, days=1, latest_days=0, is_open=lambda day: False, zone=dt.UTC)
    assert asked.due_at.date() == START + DAY


def test_a_slot_is_kept_until_shortly_before_the_end() -> None:
    late, on_the_day = (
        around(START, days=0, latest_days=each, is_open=on_working_days, zone=dt.UTC)
        for each in (14, 0)
    )

    assert kept_for(late, gap=0 * DAY) == Kept(late.over_at - 4 * DAY)
    assert kept_for(on_the_day, gap=0 * DAY) == Kept(on_the_day.due_at)
    assert kept_for(late, gap=30 * DAY).quiet_from == late.due_at - 30 * DAY


def test_months_end_where_the_month_does() -> None:
    assert months_after(dt.date(2027, 8, 31), 6) == dt.date(2028, 2, 29)
    assert months_after(dt.date(2027, 1, 4), -1) == dt.date(2026, 12, 4)


def test_nobody_is_asked_again_within_half_a_round() -> None:
    assert rest_of(Repeat.EVERY, months=6) == 90 * DAY
    assert rest_of(Repeat.DATE, months=0) == 150 * DAY
