"""Which goals are the targets of the reports."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.queries.targets import known_targets
from tests.actions.goals import make_goal, make_target
from tests.analytics import world

pytestmark = pytest.mark.django_db


def test_the_goals_of_all_customers_without_an_end_are_the_targets_of_the_reports() -> None:
    make_goal(metric="nps", target=40)
    make_goal(metric="grr", last_day=None, dimension=world.make_dimension("plan"), value="gold")
    make_target("referral_rate", "0.35")

    assert known_targets() == {"referral_rate": Decimal("0.35")}


def test_a_metric_has_one_target() -> None:
    make_target("nps", 10)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_target("nps", 20)
