"""No detractor is lost whose web server was killed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.faults.scenes.scene import figures_of

SEEDS = range(1, int(os.environ.get("SEEDS") or 1) + 1)
KILLS, ANSWERS = 3, 400
AT_MOST_SECONDS = 120

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3 * AT_MOST_SECONDS)]


def answered(folder: Path, redis_url: str, postgres_url: str, **options: Any) -> Any:
    return figures_of(
        "answers", folder=folder, redis_url=redis_url, postgres_url=postgres_url,
        seconds=AT_MOST_SECONDS, answers=ANSWERS, kills=KILLS, **options,
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_servers_leave_every_detractor_in_a_follow_up_and_lose_no_acknowledged_answer(
    seed: int, tmp_path: Path, redis_url: str, postgres_url: str
) -> None:
    found = answered(tmp_path, redis_url, postgres_url, seed=seed)

    assert (found["faults"], found["acknowledged and lost"]) == (0, 0), found
    assert found["followed up"] == found["detractors"], found
    assert found["acknowledged"] > 20, found
    # It was tried.
    assert found["without a reply"] >= KILLS, found
    assert found["closed"] > 0, found
    assert found["erased"] > 0, found


def test_follow_up_that_is_opened_after_its_answer_is_seen(
    tmp_path: Path, redis_url: str, postgres_url: str
) -> None:
    """The planted bug: between the two commits a kill leaves a detractor nowhere."""
    found = answered(tmp_path, redis_url, postgres_url, seed=1, mutant="follow_up_after_commit")

    assert found["faults"] > 0, found
