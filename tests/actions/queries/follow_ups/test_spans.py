"""A formula that asks for open follow-ups, and one that caps by them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from actions.models import FollowUp
from analytics.models import HealthFormula
from analytics.queries.health.formulas import version_of
from analytics.queries.health.scores import live_scores_of
from analytics.services.health.formulas import put_in_force, save_formula
from tests.actions.following import answered
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db
FORMULA: dict[str, Any] = {
    "name": "Standard",
    "unhealthy_means": "They complain.",
    "measures": [
        {"key": "work", "group": "work", "source": "open_follow_ups",
         "points": [[0, 100], [2, 0]], "weight": 10},
        {"key": "voice", "group": "voice", "source": "nps_last", "max_age_days": 365,
         "points": [[0, 100], [10, 100]], "weight": 10},
    ],
    "min_known_share": 0.1,
    "caps": [{"when": "open_follow_up", "at_most": 40}],
    "bands": [{"name": "good", "from": 50}, {"name": "risk", "from": 0}],
    "too_new_days": 0,
}  # fmt: skip


def test_an_open_follow_up_counts_and_caps_until_it_is_closed() -> None:
    put_in_force(save_formula(FORMULA, by=None, now=NOW).row, by=None, now=NOW)
    started = NOW.date() - 400 * DAY
    unhappy, happy = (make_customer(started_on=started) for _ in range(2))
    answered(2, customer=unhappy)
    answered(9, customer=happy)
    closed = {"state": "closed", "closed_as": "done", "root_cause": "price"}
    FollowUp.objects.update(**closed, closed_at=NOW + 3 * DAY)

    days = [NOW.date() + dt.timedelta(days=number) for number in (0, 3)]
    version = version_of(HealthFormula.objects.get())
    scores = {
        found.day: dict(zip(part.customers.tolist(), part.scores.score.tolist(), strict=True))
        for found in live_scores_of(days, versions=[version])
        for part in found.parts
    }

    assert scores[days[0]] == {unhappy.pk: 40.0, happy.pk: 100.0}
    assert scores[days[1]] == {unhappy.pk: 100.0, happy.pk: 100.0}
