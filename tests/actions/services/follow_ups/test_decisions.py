from __future__ import annotations

import pytest

from actions.domain.follow_ups.states import Dismissal
from actions.models import FollowUp, FollowUpRule
from actions.queries.follow_ups.balance import balance, undecided
from actions.services.follow_ups.decisions import dismiss_waiting, follow_up_waiting, open_by_hand
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


def test_answers_that_wait_are_followed_up_or_dismissed_once() -> None:
    FollowUpRule.objects.create(trigger="score", level=0, due_hours=8)
    cs = make_staff("cs")
    first, second = answered(5), answered(4)
    assert set(undecided()) == {first, second}

    found = follow_up_waiting(first.pk, by=cs, now=NOW)
    assert found is not None
    assert found.owner == cs
    asked = {"reason": Dismissal.SOLVED, "note": "Support.", "by": cs, "now": NOW}
    assert dismiss_waiting([first.pk, second.pk], **asked) == 1
    assert follow_up_waiting(second.pk, by=cs, now=NOW) is None

    assert FollowUp.objects.count() == 1
    assert (balance().followed_up, balance().dismissed, balance().waiting) == (1, 1, 0)


def test_a_second_one_by_hand_joins_the_first() -> None:
    cs, customer = make_staff("cs"), make_customer()
    made = [open_by_hand(customer, owner=cs, text=text, by=cs, now=NOW) for text in ("A", "B")]

    assert made[0] == made[1]
    assert [each.text for each in made[0].entries.all()] == ["A", "B"]
