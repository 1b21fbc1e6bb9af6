from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from surveys.domain.answers.origin import own_id, public_id_in, title_of, wall_second


def test_an_id_of_ours_names_its_invitation_and_no_other_id_does() -> None:
    assert public_id_in(own_id("-abc")) == "-abc"
    assert public_id_in("old-1") == public_id_in("") == ""


def test_a_title_is_in_one_line() -> None:
    assert title_of(" Spring\n\t2026 ") == "Spring 2026"


def test_the_hour_that_a_clock_shows_twice_is_one() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = dt.datetime(2026, 10, 25, 0, 30, 1, 999_999, tzinfo=dt.UTC)
    again = dt.datetime(2026, 10, 25, 1, 30, 1, tzinfo=dt.UTC)

    assert wall_second(first, zone=berlin) == wall_second(again, zone=berlin)
    assert wall_second(first, zone=dt.UTC) != wall_second(again, zone=dt.UTC)
