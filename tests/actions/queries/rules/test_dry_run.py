from __future__ import annotations

from dataclasses import replace

import pytest

from actions.domain.rules.dry_run import Result
from actions.domain.rules.triggers import DEFAULTS, Trigger
from actions.models import FollowUp
from actions.queries.rules.dry_run import try_rule
from tests.actions.following import answered
from tests.world import DAY, NOW, answer, make_customer, make_invitation

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_it_counts_what_was_answered_within_a_year_and_changes_nothing() -> None:
    customer = make_customer()
    first = answered(10, customer=customer, at=NOW - 400 * DAY)
    again = make_invitation(first.invitation.respondent, state="sent")
    answer(again, 7, at=NOW - 300 * DAY)
    for days in (200, 100):
        answered(4, customer=customer, at=NOW - days * DAY)
    answered(2, at=NOW - 5 * DAY, reason="imported")
    before = FollowUp.objects.count()

    assert try_rule(DEFAULTS[Trigger.SCORE], now=NOW) == Result(answers=3, fired=2, opened=2)
    fall = replace(DEFAULTS[Trigger.FALL], is_active=True)
    assert try_rule(fall, now=NOW) == Result(answers=3, fired=1, opened=1)
    assert FollowUp.objects.count() == before
