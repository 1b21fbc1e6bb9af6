from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from surveys.domain.answers.by_hand import first_day, moment_on
from surveys.domain.frequency import WINDOW

TOKYO = ZoneInfo("Asia/Tokyo")
# Already the 25th in Tokyo.
NOW = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 25)


def test_an_answer_of_today_was_given_now_and_one_of_another_day_at_its_noon() -> None:
    assert moment_on(TODAY, now=NOW, zone=TOKYO) == NOW
    day = TODAY - dt.timedelta(days=1)
    assert moment_on(day, now=NOW, zone=TOKYO) == dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)


def test_the_first_day_still_takes_a_slot() -> None:
    first = moment_on(first_day(TODAY), now=NOW, zone=TOKYO)

    assert first + WINDOW > NOW
    assert first_day(TODAY) == dt.date(2025, 11, 26)
