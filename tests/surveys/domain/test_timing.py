from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.campaigns.reminders import reminder_delay
from surveys.domain.timing import (
    ANY_TIME,
    EVERY_DAY,
    Pace,
    SendWindow,
    TimingError,
    closes_at,
    is_allowed,
    next_allowed,
    retry_at,
)

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
OFFICE = SendWindow()
MINUTE = timedelta(minutes=1)


def tokyo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TOKYO)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (tokyo(2026, 11, 20, 8, 59, 59), tokyo(2026, 11, 20, 9)),
        (tokyo(2026, 11, 20, 9), tokyo(2026, 11, 20, 9)),
        (tokyo(2026, 11, 20, 17, 59, 59), tokyo(2026, 11, 20, 17, 59, 59)),
        (tokyo(2026, 11, 20, 18), tokyo(2026, 11, 24, 9)),
        (tokyo(2026, 11, 21, 12), tokyo(2026, 11, 24, 9)),
        (tokyo(2026, 11, 23, 12), tokyo(2026, 11, 24, 9)),
    ],
)
def test_next_allowed_skips_nights_weekends_and_holidays(
    moment: datetime, expected: datetime
) -> None:
    holidays = {date(2026, 11, 23)}
    found = next_allowed(moment, zone=TOKYO, window=OFFICE, is_holiday=holidays.__contains__)
    assert found == expected
    assert found.tzinfo is UTC


def test_next_allowed_uses_the_clock_of_the_respondent() -> None:
    moment = datetime(2026, 11, 20, 0, tzinfo=UTC)
    assert next_allowed(moment, zone=TOKYO, window=OFFICE) == moment
    assert next_allowed(moment, zone=NEW_YORK, window=OFFICE) == datetime(
        2026, 11, 20, 14, tzinfo=UTC
    )


def test_window_to_midnight_lasts_to_the_end_of_the_day() -> None:
    evening = SendWindow(start=time(22), end=time(0), weekdays=EVERY_DAY)
    late = tokyo(2026, 11, 20, 23, 59, 59)
    assert next_allowed(late, zone=TOKYO, window=evening) == late
    assert next_allowed(late + MINUTE, zone=TOKYO, window=evening) == tokyo(2026, 11, 21, 22)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_any_time_allows_every_moment(moment: datetime) -> None:
    assert next_allowed(moment, zone=NEW_YORK, window=ANY_TIME) == moment


@pytest.mark.parametrize(
    ("moment", "window", "expected"),
    [
        # 2027-03-14 skips 02:00-03:00 in New York
        ((2027, 3, 14, 5), (time(2, 30), time(4)), (2027, 3, 14, 7, 30)),
        ((2027, 3, 14, 5), (time(2, 10), time(2, 50)), (2027, 3, 15, 6, 10)),
        # 2026-11-01 has 01:00-02:00 twice
        ((2026, 11, 1, 4), (time(1, 30), time(1, 45)), (2026, 11, 1, 5, 30)),
        ((2026, 11, 1, 5, 50), (time(1, 30), time(1, 45)), (2026, 11, 1, 6, 30)),
        ((2026, 11, 1, 6, 50), (time(1, 30), time(1, 45)), (2026, 11, 2, 6, 30)),
    ],
)
def test_next_allowed_when_clocks_change(
    moment: tuple[int, ...], window: tuple[time, time], expected: tuple[int, ...]
) -> None:
    found = next_allowed(
        datetime(*moment, tzinfo=UTC),  # type: ignore[misc]
        zone=NEW_YORK,
        window=SendWindow(*window, weekdays=EVERY_DAY),
    )
    assert found == datetime(*expected, tzinfo=UTC)  # type: ignore[misc]


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from([TOKYO, NEW_YORK, ZoneInfo("Australia/Lord_Howe")]),
    hours=st.tuples(st.integers(4, 11), st.integers(12, 23)),
)
def test_next_allowed_is_allowed_and_none_is_earlier(
    moment: datetime, zone: ZoneInfo, hours: tuple[int, int]
) -> None:
    window = SendWindow(time(hours[0]), time(hours[1]))
    found = next_allowed(moment, zone=zone, window=window)
    assert found >= moment
    assert is_allowed(found, zone=zone, window=window)
    if found > moment:
        assert not is_allowed(found - timedelta(microseconds=1), zone=zone, window=window)
        assert found - moment < timedelta(days=4)


LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "zone", "window", "expected"),
    [
        (tokyo(2026, 11, 20, 9), TOKYO, OFFICE, tokyo(2026, 11, 20, 18)),
        (tokyo(2026, 11, 20, 17, 59, 59), TOKYO, OFFICE, tokyo(2026, 11, 20, 18)),
        # At any hour of working days: from Monday, or after the holiday, to Friday's end.
        (tokyo(2026, 11, 24, 3), TOKYO, SendWindow(time(0), time(0)), tokyo(2026, 11, 28)),
        (tokyo(2026, 11, 22, 3), TOKYO, ANY_TIME, tokyo(2026, 11, 23)),
        # Nothing closes for a week and more.
        (tokyo(2026, 12, 1, 3), TOKYO, ANY_TIME, tokyo(2026, 12, 9)),
        # The window ends within the hour that clocks skip, and within the one they repeat.
        (
            datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN),
            BERLIN,
            SendWindow(time(1), time(2, 30), EVERY_DAY),
            datetime(2026, 3, 29, 3, tzinfo=BERLIN),
        ),
        (
            datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN),
            BERLIN,
            SendWindow(time(1), time(2, 30), EVERY_DAY),
            datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
        ),
    ],
)
def test_closes_at_is_the_end_of_the_open_hours(
    moment: datetime, zone: ZoneInfo, window: SendWindow, expected: datetime
) -> None:
    holidays = {date(2026, 11, 23)}
    found = closes_at(moment, zone=zone, window=window, is_holiday=holidays.__contains__)
    assert found == expected.astimezone(UTC)


def test_any_hour_never_closes() -> None:
    assert closes_at(tokyo(2026, 11, 20), zone=TOKYO, window=ANY_TIME) is None


@given(
    moment=st.one_of(
        st.datetimes(start, end, timezones=st.just(UTC))
        for start, end in [
            (datetime(2026, 1, 1), datetime(2028, 1, 1)),
            # Around the nights in which clocks change.
            (datetime(2026, 3, 28), datetime(2026, 4, 7)),
            (datetime(2026, 10, 3), datetime(2026, 11, 3)),
        ]
    ),
    zone=st.sampled_from([TOKYO, NEW_YORK, LORD_HOWE, BERLIN, ZoneInfo("America/Havana")]),
    start=st.sampled_from([time(0), time(0, 30), time(1), time(1, 45), time(9)]),
    end=st.sampled_from([time(0), time(2), time(2, 10), time(2, 30), time(3), time(18)]),
    weekdays=st.sampled_from([EVERY_DAY, frozenset(range(5)), frozenset({6})]),
    fraction=st.floats(0, 0.999),
)
def test_everything_until_it_closes_is_allowed_and_closing_itself_is_not(
    moment: datetime,
    zone: ZoneInfo,
    start: time,
    end: time,
    weekdays: frozenset[int],
    fraction: float,
) -> None:
    if end != time(0) and start >= end:
        start = time(0)
    window = SendWindow(start, end, weekdays)
    opened = next_allowed(moment, zone=zone, window=window)
    closing = closes_at(opened, zone=zone, window=window)
    if closing is None:
        assert window == ANY_TIME
        return
    assert opened < closing
    between = opened + (closing - opened) * fraction
    assert is_allowed(between, zone=zone, window=window)
    assert is_allowed(closing - timedelta(microseconds=1), zone=zone, window=window)
    assert not is_allowed(closing, zone=zone, window=window) or closing - opened > timedelta(7)


def test_next_allowed_says_when_no_window_ever_opens() -> None:
    with pytest.raises(TimingError, match="no sending window opens within 400 days"):
        next_allowed(tokyo(2026, 1, 1), zone=TOKYO, window=OFFICE, is_holiday=lambda day: True)


@pytest.mark.parametrize(
    ("start", "end", "weekdays"),
    [
        (time(18), time(9), EVERY_DAY),
        (time(9), time(9), EVERY_DAY),
        (time(9), time(18), frozenset()),
        (time(9), time(18), frozenset({7})),
    ],
)
def test_window_that_never_opens_is_refused(
    start: time, end: time, weekdays: frozenset[int]
) -> None:
    with pytest.raises(TimingError):
        SendWindow(start, end, weekdays)


def paced(
    start: datetime, *, per_hour: int, n: int, window: SendWindow = ANY_TIME
) -> list[datetime]:
    pace = Pace(start, per_hour=per_hour)
    return [pace.take(not_before=start, zone=TOKYO, window=window) for _ in range(n)]


def test_pace_is_even() -> None:
    start = tokyo(2026, 11, 20, 9)
    moments = paced(start, per_hour=60, n=121)
    assert moments[:3] == [start, start + MINUTE, start + 2 * MINUTE]
    assert moments[-1] == start + timedelta(hours=2)


def test_pace_does_not_drift_over_many_mails() -> None:
    start = tokyo(2026, 11, 20, 9)
    *_, last = paced(start, per_hour=7, n=70_001)
    assert last == start + timedelta(hours=10_000)


def test_pace_goes_on_the_next_morning_at_the_same_step() -> None:
    start = tokyo(2026, 11, 19, 17)
    assert paced(start, per_hour=2, n=5, window=OFFICE) == [
        tokyo(2026, 11, 19, 17),
        tokyo(2026, 11, 19, 17, 30),
        tokyo(2026, 11, 20, 9),
        tokyo(2026, 11, 20, 9, 30),
        tokyo(2026, 11, 20, 10),
    ]


def test_pace_below_one_an_hour_is_refused() -> None:
    start = tokyo(2026, 11, 20, 9)
    with pytest.raises(TimingError):
        Pace(start, per_hour=0)


@pytest.mark.parametrize(
    ("attempt", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, 720), (7, 720)]
)
def test_retry_follows_the_backoff_table(attempt: int, minutes: int) -> None:
    now = tokyo(2026, 11, 20, 9)
    delay = timedelta(minutes=minutes)
    for fraction, factor in [(0.0, 0.8), (0.5, 1.0), (0.75, 1.1)]:
        again = retry_at(attempt, now=now, first_attempt_at=now, fraction=fraction)
        assert again == now + delay * factor


def test_retry_stops_24_hours_after_the_first_attempt() -> None:
    first = tokyo(2026, 11, 20, 9)
    last_chance = first + timedelta(hours=24) - MINUTE
    assert retry_at(1, now=last_chance, first_attempt_at=first, fraction=0.5) == (
        last_chance + MINUTE
    )
    too_late = last_chance + timedelta(seconds=1)
    assert retry_at(1, now=too_late, first_attempt_at=first, fraction=0.5) is None


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=8, max_size=8))
def test_retries_always_end(fractions: list[float]) -> None:
    first = now = tokyo(2026, 11, 20, 9)
    for attempt, fraction in enumerate(fractions, start=1):
        again = retry_at(attempt, now=now, first_attempt_at=first, fraction=fraction)
        if again is None:
            assert attempt >= 7
            return
        assert now < again <= first + timedelta(hours=24)
        now = again
    pytest.fail("eight attempts within 24 hours")


def test_reminder_waits_three_days_and_for_the_window() -> None:
    sent = tokyo(2026, 11, 18, 12)

    def reminded_at(days: int) -> datetime:
        return next_allowed(sent + reminder_delay(days), zone=TOKYO, window=OFFICE)

    assert reminded_at(3) == tokyo(2026, 11, 23, 9)
    assert reminded_at(5) == tokyo(2026, 11, 23, 12)
    assert reminded_at(2) == reminded_at(0) == reminded_at(3)
