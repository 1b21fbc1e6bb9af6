"""Everything at once, as long as is asked for: `make faults SEEDS=10 SENDS=10000`."""

from __future__ import annotations

import os

import pytest

from tests.faults.scenes.soak import Soak

SENDS = int(os.environ.get("SENDS") or 600)
SEEDS = range(1, int(os.environ.get("SEEDS") or 1) + 1)
# On a busy machine; a quiet one does ten times as many.
AT_MOST_SECONDS = 120 + SENDS / 10

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(AT_MOST_SECONDS + 120),
]


@pytest.mark.parametrize("seed", SEEDS)
def test_sends_under_faults_are_never_doubled_lost_or_over_the_cap(
    seed, tmp_path, redis_url, record_property
):
    """R4, R31, R32, R46. What happened is added up over the seeds and printed at the end."""
    soak = Soak(sends=SENDS, seed=seed, folder=tmp_path, redis_url=redis_url)
    figures = soak.run(seconds=AT_MOST_SECONDS)
    record_property("figures", figures.rows())

    assert {name: number for name, number in figures.zero.items() if number} == {}
    assert figures.states["unknown"] <= figures.unknown_at_most
    assert figures.done["mails accepted"] > 0.85 * SENDS
