"""No detractor, alert or reply is lost, and no reply doubled, whose worker was killed."""

from __future__ import annotations

import os
from functools import partial

import pytest

from tests.faults.scenes.scene import Play

SEEDS = range(1, int(os.environ.get("SEEDS") or 1) + 1)
KILLS, ANSWERS = 6, 40
AT_MOST_SECONDS = 120

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3 * AT_MOST_SECONDS)]


@pytest.fixture
def told(play: Play) -> Play:
    return partial(
        play, "follow_ups", seconds=AT_MOST_SECONDS, answers=ANSWERS, kills=KILLS, seed=1
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_workers_lose_no_follow_up_alert_or_reply_and_double_no_reply(
    seed: int, told: Play
) -> None:
    found = told(seed=seed)

    assert (found["faults"], found["followed up"]) == (0, found["detractors"]), found
    assert found["replies"] == found["alerts"] == ANSWERS, found
    # At most once, and its writer knows where nobody else does.
    assert found["replies handed over twice"] == 0, found
    assert found["replies called sent and never handed over"] == 0, found
    assert found["replies handed over and called not sent"] == 0, found
    assert found["replies unknown"] <= found["kills"], found
    assert found["replies unknown and not told of"] == 0, found
    # At least once, under the same id: at most one more for each that was in hand.
    assert found["alerts never handed over"] == 0, found
    assert found["alerts handed over again"] <= found["kills"], found


def test_planted_bugs_are_seen(told: Play) -> None:
    found = told(mutant="told_carelessly", kills=2 * KILLS)

    assert found["replies handed over twice"] > 0, found
    assert found["alerts never handed over"] > 0, found
