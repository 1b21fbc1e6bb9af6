from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError

from surveys.management.moments import moment_at
from tests.world import HOUR, NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T09:00Z", NOW),
        (" 2026-11-24T18:00+09:00 ", NOW),
        # In the organisation's zone where it names none.
        ("2026-11-24T18:00", NOW),
        ("2026-11-24 18:00:00", NOW),
        ("2026-11-24", NOW - 18 * HOUR),
    ],
)
def test_a_moment_is_read_in_the_organisations_zone_and_given_in_utc(
    settings, text: str, expected: dt.datetime
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"

    found = moment_at(text)

    assert (found, found.tzinfo) == (expected, dt.UTC)


@pytest.mark.parametrize("text", ["tomorrow", "24.11.2026", "2026-13-01T09:00", "25:00"])
def test_what_is_no_moment_is_named_with_an_example(text: str) -> None:
    with pytest.raises(CommandError, match=f"'{text}' is not a moment; write 2026-"):
        moment_at(text)


@pytest.mark.parametrize("text", ["", None])
def test_no_text_is_now(text: str | None) -> None:
    with time_machine.travel(NOW, tick=False):
        assert moment_at(text) == NOW
