from __future__ import annotations

import pytest

from actions.models import AnswerCase, FollowUp
from actions.queries.follow_ups.balance import balance
from surveys.models import Response
from surveys.services.verify import verify_promises
from tests.actions.following import answered
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_only_counted_detractors_are_in_the_balance() -> None:
    answered(2)
    answered(9)
    Response.objects.filter(pk=answered(3).pk).update(suspect=True)

    assert (balance().detractors, balance().followed_up) == (1, 1)


def test_what_is_decided_on_an_answer_is_one_of_three(django_assert_num_queries) -> None:
    for dismissed, follow_up in (("solved", False), ("", False), ("", True)):
        case = AnswerCase.objects.get(response=answered(2))
        kept = case.follow_up if follow_up else None
        AnswerCase.objects.filter(pk=case.pk).update(dismissed=dismissed, follow_up=kept)

    with django_assert_num_queries(2):
        found = balance()
    assert (found.dismissed, found.waiting, found.followed_up, found.faults) == (1, 1, 1, 0)
    assert FollowUp.objects.count() == 3


def test_the_nightly_task_tells_of_what_is_nowhere() -> None:
    lost = answered(2)
    # Of its slot, which it was made without.
    before = verify_promises(now=NOW)
    AnswerCase.objects.filter(response=lost).delete()

    assert verify_promises(now=NOW) == [
        *before,
        f"1 detractor answers are in no follow-up and no list, first {lost.pk}",
    ]
