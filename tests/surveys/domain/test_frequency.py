from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.frequency import (
    NEVER_USED,
    WINDOW,
    Kept,
    Merged,
    Slot,
    asked_at,
    from_history,
    has_room,
    keeps_room,
    merge,
    new_slots,
    next_possible,
)
from tests.surveys.helpers.cap_oracle import violations

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def busy(until: datetime) -> Slot:
    return Slot(free_at=until, prev_free_at=until)


def test_window_is_8760_hours() -> None:
    assert timedelta(hours=8760) == WINDOW


def test_two_sends_use_up_both_slots() -> None:
    slots = from_history([NOW, NOW + DAY], limit=2)
    assert next_possible(slots, now=NOW + 2 * DAY) == NOW + WINDOW


def test_one_survey_a_year_has_one_slot() -> None:
    slots = from_history([NOW], limit=1)
    assert next_possible(slots, now=NOW + WINDOW - SECOND) == NOW + WINDOW
    assert next_possible(slots, now=NOW + WINDOW + SECOND) == NOW + WINDOW + SECOND


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize(
    "first_send",
    [
        datetime(2027, 2, 28, 23, 59, 59),
        datetime(2027, 3, 1),
        datetime(2028, 2, 29, 12),
        datetime(2026, 11, 1, 1, 30),
        datetime(2027, 3, 14, 3, 30),
        datetime(2026, 12, 31, 23, 59, 59),
    ],
)
def test_slot_is_free_8760_hours_after_the_send_and_not_a_second_before(
    zone: str, first_send: datetime
) -> None:
    at = first_send.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    edge = at + timedelta(hours=8760)
    slots = from_history([at, at + SECOND], limit=2)
    in_zone = (edge - SECOND).astimezone(ZoneInfo(zone))
    assert next_possible(slots, now=in_zone) == edge
    assert next_possible(slots, now=edge.astimezone(ZoneInfo(zone))) == edge


def test_leap_day_does_not_lengthen_the_window() -> None:
    slots = from_history([datetime(2027, 3, 1, tzinfo=UTC), NOW + 200 * DAY], limit=2)
    assert next_possible(slots, now=NOW + 201 * DAY) == datetime(2028, 2, 29, tzinfo=UTC)


def test_reserved_slot_holds_its_place_without_a_date() -> None:
    both = (Slot(held_by=1), Slot(held_by=2))
    assert next_possible(both, now=NOW) == NOW + WINDOW
    assert next_possible((Slot(held_by=1), Slot()), now=NOW) == NOW


def test_next_possible_is_now_with_a_free_slot() -> None:
    assert next_possible(new_slots(2), now=NOW) == NOW
    assert next_possible((busy(NOW + DAY), busy(NOW)), now=NOW) == NOW


@pytest.mark.parametrize(
    ("days", "room"),
    [
        ([], True),
        ([-1], True),
        ([-1, -2], False),
        ([1, 2], False),
        ([-1, 1], False),
        ([-200, 200], True),
        ([-365, -364], True),
        ([-364, -363], False),
    ],
)
def test_one_more_has_room_where_no_window_around_it_is_full(days: list[int], room: bool) -> None:
    moments = [NOW + timedelta(days=each) for each in days]

    assert has_room(moments, at=NOW, limit=2) is room


def test_merge_keeps_the_two_latest_dates() -> None:
    ours = (busy(NOW + 10 * DAY), busy(NOW + 200 * DAY))
    theirs = (busy(NOW + 100 * DAY), Slot())
    assert merge(ours, theirs, limit=2, now=NOW) == Merged(
        (busy(NOW + 200 * DAY), busy(NOW + 100 * DAY)), (), ()
    )


def test_merge_cancels_a_queued_mail_that_would_be_the_third() -> None:
    ours = (busy(NOW + 10 * DAY), busy(NOW + 200 * DAY))
    theirs = (Slot(NEVER_USED, NEVER_USED, "queued"), Slot())
    merged = merge(ours, theirs, limit=2, now=NOW)
    assert merged == Merged((busy(NOW + 200 * DAY), busy(NOW + 10 * DAY)), ("queued",), ())


def test_merge_keeps_a_hold_before_a_slot_that_was_freed_lately() -> None:
    held = Slot(NEVER_USED, NEVER_USED, "queued")
    merged = merge((busy(NOW - DAY), held), (busy(NOW + DAY), Slot()), limit=2, now=NOW)
    assert merged.slots == (busy(NOW + DAY), Slot(NEVER_USED, NOW - DAY, "queued"))
    assert (merged.cancel, merged.in_flight) == ((), ())


def test_merge_of_four_holds_keeps_ours() -> None:
    ours = (Slot(held_by="a"), Slot(held_by="b"))
    theirs = (Slot(held_by="c"), Slot(held_by="d"))
    assert merge(ours, theirs, limit=2, now=NOW) == Merged(ours, ("c", "d"), ())


def test_merge_names_a_mail_under_way_that_lost_its_slot() -> None:
    sending = Slot(NOW + WINDOW, NEVER_USED, "sending")
    later = (busy(NOW + WINDOW + SECOND), busy(NOW + WINDOW + SECOND))
    merged = merge((sending, Slot()), later, limit=2, now=NOW)
    assert merged == Merged(later, (), ("sending",))


def test_mail_that_fails_after_a_merge_falls_back_to_the_dropped_send() -> None:
    sending = Slot(NOW + WINDOW, NEVER_USED, "sending")
    ours, theirs = (sending, busy(NOW + 200 * DAY)), (busy(NOW + 100 * DAY), Slot())
    merged = merge(ours, theirs, limit=2, now=NOW).slots
    after = [slot.prev_free_at if slot.held_by else slot.free_at for slot in merged]
    assert sorted(after) == [NOW + 100 * DAY, NOW + 200 * DAY]


def test_merge_to_one_slot_keeps_the_later_date() -> None:
    merged = merge((busy(NOW + DAY),), (busy(NOW + 2 * DAY),), limit=1, now=NOW)
    assert merged.slots == (busy(NOW + 2 * DAY),)


def test_merge_with_nothing_to_drop_changes_nothing() -> None:
    ours = (Slot(NOW, NEVER_USED, "a"), busy(NOW + DAY))
    assert set(merge(ours, (), limit=2, now=NOW).slots) == set(ours)


def test_from_history_takes_the_latest_sends() -> None:
    history = [NOW - 300 * DAY, NOW - 10 * DAY, NOW - 100 * DAY]
    assert from_history(history, limit=2) == (
        busy(NOW - 10 * DAY + WINDOW),
        busy(NOW - 100 * DAY + WINDOW),
    )
    assert from_history([NOW], limit=2) == (busy(NOW + WINDOW), Slot())
    assert from_history([], limit=2) == new_slots(2)


@pytest.mark.parametrize(
    ("gap", "found"), [(WINDOW - SECOND, 1), (WINDOW, 0), (WINDOW + SECOND, 0)]
)
def test_violations_third_send_strictly_within_the_window(gap: timedelta, found: int) -> None:
    sends = [NOW + gap, NOW, NOW + 5 * DAY]
    assert len(violations(sends, limit=2)) == found


def test_violations_shows_each_run_of_sends() -> None:
    sends = [NOW, NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY]
    assert violations(sends, limit=2) == [tuple(sends[:3]), tuple(sends[1:])]
    assert violations(sends[:2], limit=2) == []
    assert violations(sends[:2], limit=1) == [tuple(sends[:2])]
    assert violations([], limit=2) == []


DATES = st.integers(0, 900).map(lambda days: NOW - days * DAY)


@given(st.lists(DATES, max_size=6), st.sampled_from([1, 2]))
def test_from_history_caps_exactly_when_another_send_would_violate(
    history: list[datetime], limit: int
) -> None:
    slots = from_history(history, limit=limit)
    recent = [moment for moment in history if NOW - moment < WINDOW]
    assert (next_possible(slots, now=NOW) > NOW) is (len(recent) >= limit)


@given(st.lists(DATES, max_size=4), st.lists(DATES, max_size=4))
def test_merging_histories_equals_the_history_of_both(
    ours: list[datetime], theirs: list[datetime]
) -> None:
    merged = merge(from_history(ours, limit=2), from_history(theirs, limit=2), limit=2, now=NOW)
    dates = sorted(slot.free_at for slot in merged.slots)
    assert dates == sorted(slot.free_at for slot in from_history(ours + theirs, limit=2))


@pytest.mark.parametrize(
    ("asked", "reserved", "room"),
    [
        ([], [100], True),
        ([-100], [100], False),
        # Asked a window before the one that is kept: that slot is free again by then.
        ([-300], [70], True),
        ([-300], [60], False),
        # Both are kept.
        ([], [100, 200], False),
        ([], [100, 470], True),
        # The e-mail may leave a month later, and its slot is busy for as much longer.
        ([-1], [363], False),
        ([-1], [380], True),
        ([], [380, 390], False),
        ([], [380, 400], True),
        # The day that is kept for has come already.
        ([-100], [-5], False),
    ],
)
def test_a_slot_is_kept_for_what_is_still_to_be_asked(asked, reserved, room) -> None:
    sends = [NOW + each * DAY for each in asked]
    kept = [Kept(NOW + each * DAY) for each in reserved]

    assert keeps_room(sends, kept, at=NOW, limit=2) == room


def test_nobody_is_asked_so_shortly_before_that_the_kept_one_would_come_too_soon() -> None:
    kept = [Kept(NOW + 40 * DAY, quiet_from=NOW)]

    assert keeps_room([], kept, at=NOW, limit=2)
    assert not keeps_room([], kept, at=NOW + SECOND, limit=2)


def test_slots_tell_of_the_sends_that_count_and_a_waiting_mail_counts_as_sent_now() -> None:
    slots = (busy(NOW + DAY), Slot(held_by=1), busy(NOW), Slot())

    assert asked_at(slots, now=NOW) == (NOW + DAY - WINDOW, NOW)
