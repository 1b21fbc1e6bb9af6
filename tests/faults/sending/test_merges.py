"""Two addresses of one person are merged while mail goes to both."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.faults.scenes.scene import figures_of

SENDS = int(os.environ.get("SENDS") or 270)
SEEDS = range(1, int(os.environ.get("SEEDS") or 1) + 1)
AT_MOST_SECONDS = 120 + SENDS / 5
REPEATED = "surveys went again to persons who were known to have them"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(3 * AT_MOST_SECONDS),
]


def merged_under_kills(
    folder: Path, redis_url: str, postgres_url: str, *, pairs: int = SENDS // 3, **options: Any
) -> Any:
    return figures_of(
        "merges", folder=folder, redis_url=redis_url, postgres_url=postgres_url,
        seconds=AT_MOST_SECONDS, pairs=pairs, **options,
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_has_a_survey_again_by_another_address_once_it_is_known_for_theirs(
    seed: int, tmp_path: Path, redis_url: str, postgres_url: str
) -> None:
    """R50: nor more than two surveys; and each that was planned comes to an end."""
    found = merged_under_kills(tmp_path, redis_url, postgres_url, seed=seed)

    assert {name: number for name, number in found["zero"].items() if number} == {}, found
    assert found["unknown by a lost worker"] <= found["kills"]
    # It was tried: there were mails to come of surveys that had gone to the other address.
    assert found["merges after the first of two mails"] > SENDS // 30


def test_claim_that_does_not_know_of_merges_is_seen(
    tmp_path: Path, redis_url: str, postgres_url: str
) -> None:
    """The planted bug: the claim asks for its own row only. `check_deliveries` finds it, too."""
    found = merged_under_kills(
        tmp_path, redis_url, postgres_url, pairs=40, seed=1, mutant="merges_unseen"
    )

    assert found["zero"]["of these accepted"] > 0
    assert any(each.endswith(REPEATED) for each in found["found by check_deliveries"])
