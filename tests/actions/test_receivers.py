from __future__ import annotations

import pytest

from accounts.models import Dimension
from accounts.services.dimensions import uses_of
from actions.models import FollowUpRule, TouchTable
from tests.actions.alerting import make_rule
from tests.actions.goals import make_goal

pytestmark = pytest.mark.django_db


def test_a_segment_knows_who_asks_by_it() -> None:
    dimension = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    assert uses_of(dimension) == []

    make_goal(dimension=dimension, value="gold")
    make_rule(dimension=dimension, value="pro", name="Key accounts")
    TouchTable.objects.create(
        basis="segment", dimension=dimension, cells={"best:free": "tech", "worst:free": "low"}
    )

    found = {use.name: use.values for use in uses_of(dimension)}
    assert found == {
        "Referrals": ("gold",),
        "Key accounts": ("pro",),
        "Touch table": ("free",),
    }


def test_who_is_a_key_person_is_asked_by_a_segment_of_respondents() -> None:
    role = Dimension.objects.create(name="role", source="respondent", attribute="role")
    FollowUpRule.objects.create(trigger="silence", level=14, due_hours=9, key="role=buyer")

    assert [use.values for use in uses_of(role)] == [("buyer",)]
