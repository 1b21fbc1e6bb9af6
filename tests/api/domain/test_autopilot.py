from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from api.domain.autopilot import CADENCE, first_at, next_at
from tests.world import DAY, NOW

TOKYO = ZoneInfo("Asia/Tokyo")


def test_people_are_spread_over_weekday_mornings_of_the_cadence() -> None:
    turns = [first_at(str(n), asked_at=None, now=NOW, zone=TOKYO) for n in range(400)]

    assert all(each.weekday() < 5 and 5 <= each.hour < 10 for each in turns)
    weeks = {(each - NOW) // (7 * DAY) for each in turns}
    assert len(weeks) >= CADENCE // (7 * DAY)
    assert max(turns) < NOW + CADENCE + 3 * DAY


def test_who_was_asked_before_waits_for_a_cadence_after_it() -> None:
    turn = first_at("7", asked_at=NOW - 100 * DAY, now=NOW, zone=TOKYO)

    assert dt.timedelta(0) <= turn.date() - (NOW + 83 * DAY).date() <= 3 * DAY
    assert next_at("7", now=turn, zone=TOKYO) - turn >= CADENCE - DAY
