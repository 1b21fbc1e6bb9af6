from __future__ import annotations

import datetime as dt

from actions.domain.playbooks.usage import quiet_since

LAST, DAY = dt.date(2026, 11, 24), dt.timedelta(days=1)


def used(*spans: tuple[int, float]) -> dict[dt.date, float]:
    """Of so many days each, the last one of LAST."""
    values = [value for days, value in spans for _ in range(days)]
    return {LAST - back * DAY: value for back, value in enumerate(reversed(values))}


def test_quiet_begins_with_the_first_day_on_which_the_window_is_below() -> None:
    readings = used((100, 10), (17, 0))

    # After 14 of 28 days without use half of it is gone.
    since = quiet_since(readings, on=LAST, percent=50)
    assert since == LAST - 3 * DAY
    assert quiet_since(readings, on=LAST - 4 * DAY, percent=50) is None
    assert quiet_since(readings, on=LAST - DAY, percent=50) == since


def test_who_had_no_use_or_has_as_much_as_before_is_not_quiet() -> None:
    assert quiet_since({}, on=LAST, percent=50) is None
    assert quiet_since(used((120, 10)), on=LAST, percent=10) is None


def test_an_old_silence_is_no_news() -> None:
    # It fell by 90 % again and again, so that every window is far below the one before.
    falling = used(*((28, 10.0**power) for power in (6, 5, 4, 3, 2)))

    assert quiet_since(falling, on=LAST, percent=50) is None
