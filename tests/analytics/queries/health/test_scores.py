from __future__ import annotations

import numpy as np
import pytest

from analytics.queries.health.formulas import formulas_in_force
from analytics.queries.health.scores import live_scores, stored_scores_on
from analytics.queries.health.standing import last_scored_day
from tests.analytics.health import DAY, make_scored, publish, tick

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_is_stored_comes_back_to_the_last_digit() -> None:
    publish()
    for score in (10, 3, 7):
        make_scored(score)
    tick()
    (live,) = live_scores(DAY, versions=formulas_in_force()).parts
    found = stored_scores_on(DAY)

    assert found is not None
    (kept,) = found.parts
    for name in ("values", "points", "weights", "contributions", "score", "bands", "known_share"):
        assert np.array_equal(getattr(live.scores, name), getattr(kept.scores, name)), name
    assert last_scored_day(until=DAY) == DAY


def test_nothing_is_stored_of_a_day_without_a_tick() -> None:
    assert stored_scores_on(DAY) is None
    assert last_scored_day(until=DAY) is None
