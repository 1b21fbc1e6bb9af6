from __future__ import annotations

import datetime as dt

import pytest

from analytics.queries.health.formulas import formulas_in_force
from analytics.queries.health.frozen import frozen_scores
from analytics.queries.health.scores import live_scores
from tests.analytics.health import DAY, make_scored, publish

pytestmark = pytest.mark.django_db


def test_only_those_that_left_lately_are_frozen() -> None:
    publish()
    day = dt.timedelta(days=1)
    late = make_scored(10, churned_on=DAY - 3 * day)
    make_scored(10, churned_on=DAY - 200 * day)
    make_scored(10, churned_on=DAY + day)

    found = frozen_scores(live_scores(DAY, versions=formulas_in_force()))

    assert [part.customers.tolist() for part in found] == [[late.pk]]
