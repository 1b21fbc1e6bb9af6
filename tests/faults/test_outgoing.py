"""No event is lost on its way to a webhook, whatever is killed, and they arrive in their order."""

from __future__ import annotations

import os
from functools import partial

import pytest

from tests.faults.scenes.scene import Play

SEEDS = range(1, int(os.environ.get("SEEDS") or 1) + 1)
# Long by `make faults SENDS=…`: the time goes with the answers.
LONG = os.environ.get("SENDS")
ANSWERS = int(LONG or 12)
KILLS = max(4, ANSWERS // 10)
AT_MOST_SECONDS = 60 + ANSWERS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3 * AT_MOST_SECONDS)]


@pytest.fixture
def told(play: Play) -> Play:
    return partial(play, "webhooks", seconds=AT_MOST_SECONDS, answers=ANSWERS, kills=KILLS, seed=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_workers_and_a_broker_that_forgets_lose_no_event(seed: int, told: Play) -> None:
    found = told(seed=seed)

    assert found["events"] == found["sent"] == found["answers told of"] == ANSWERS, found
    assert found["never handed over"] == found["out of order"] == 0, found
    # At least once: each handed over again was tried again.
    assert found["handed over again"] <= found["tries"] - ANSWERS, found


@pytest.mark.skipif(not LONG, reason="make faults SENDS=100")
def test_an_event_that_is_called_sent_before_it_is_gets_lost_and_is_missed(told: Play) -> None:
    found = told(mutant="told_carelessly", kills=2 * KILLS)

    assert found["never handed over"] > 0, found
