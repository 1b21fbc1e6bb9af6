from __future__ import annotations

import pytest

from actions.domain.rules.triggers import DEFAULTS, Rule, Trigger
from actions.models import FollowUpRule
from actions.queries.rules.in_force import answer_rules, fact_rules, rules

pytestmark = pytest.mark.django_db


def test_what_an_admin_changed_stands_in_the_place_of_the_default() -> None:
    assert rules() == DEFAULTS
    FollowUpRule.objects.create(
        trigger="fall", level=2, due_hours=5, only_with_comment=True, is_active=True
    )
    FollowUpRule.objects.create(trigger="band", level=1, due_hours=6)

    fall = Rule(Trigger.FALL, level=2, due_hours=5, only_with_comment=True)
    assert answer_rules() == [DEFAULTS[Trigger.SCORE], fall]
    assert fact_rules() == [Rule(Trigger.BAND, level=1, due_hours=6)]
