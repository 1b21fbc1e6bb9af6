"""A worker with a wrong clock, beside one with a right clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.scenes.scene import figures_of

DAY, HOUR = 24 * 60 * 60, 60 * 60
PEOPLE, CAPPED = 60, 20
AT_MOST_SECONDS = 120

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(3 * AT_MOST_SECONDS),
]


def sent_beside_a_wrong_clock(
    folder: Path, redis_url: str, postgres_url: str, *, ahead_by: int, mutant: str = ""
) -> Any:
    return figures_of(
        "wrong_clock", folder=folder, redis_url=redis_url, postgres_url=postgres_url,
        seconds=AT_MOST_SECONDS, people=PEOPLE, capped=CAPPED, ahead_by=ahead_by, mutant=mutant,
    )  # fmt: skip


@pytest.mark.parametrize("ahead_by", [400 * DAY, -2 * HOUR, 90])
def test_worker_with_a_wrong_clock_sends_nothing_and_says_so(
    ahead_by: int, tmp_path: Path, redis_url: str, postgres_url: str
) -> None:
    """R46: nobody is asked a third time, and the right worker sends all there is to send."""
    found = sent_beside_a_wrong_clock(tmp_path, redis_url, postgres_url, ahead_by=ahead_by)

    assert {name: number for name, number in found["zero"].items() if number} == {}
    assert found["states"] == {"sent": PEOPLE}
    assert found["mails by the right worker"] == PEOPLE
    assert any("clock is" in line and "off the database's" in line for line in found["said"])


def test_workers_clock_that_is_believed_is_seen(
    tmp_path: Path, redis_url: str, postgres_url: str
) -> None:
    """The planted bug: a worker plans and sends by its own clock."""
    found = sent_beside_a_wrong_clock(
        tmp_path, redis_url, postgres_url, ahead_by=400 * DAY, mutant="own_clock"
    )

    assert found["zero"]["asked a third time"] > 0
