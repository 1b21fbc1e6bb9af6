"""Passives whose follow-up is not opened, so that one can tell what following up is good for."""

from __future__ import annotations

import pytest

from accounts.models import Respondent
from actions.domain.follow_ups.hold_out import Arm
from actions.domain.follow_ups.states import Dismissal, State
from actions.models import AnswerCase, FollowUp, FollowUpRule, HoldOut
from actions.queries.follow_ups.balance import balance
from tests.actions.following import answered
from tests.world import DAY, HOUR, NOW, answer, make_customer, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def half() -> None:
    FollowUpRule.objects.create(trigger="score", level=8, due_hours=18)
    HoldOut.objects.create(percent=50)


def said(score: int, arm: Arm) -> AnswerCase:
    """The answer of a customer on that side."""
    for _ in range(40):
        customer = make_customer()
        if answered(8, customer=customer).case.arm == arm:
            FollowUp.objects.filter(customer=customer).update(
                state="closed", closed_as="done", closed_at=NOW, root_cause="price"
            )
            return answered(score, customer=customer, at=NOW + HOUR).case
    raise AssertionError(arm)


def again(case: AnswerCase, score: int) -> AnswerCase:
    answer(case.response.invitation, score=score, at=NOW + 2 * HOUR)
    return AnswerCase.objects.select_related("follow_up").get(pk=case.pk)


def test_passives_of_one_side_open_one_and_those_of_the_other_none() -> None:
    treated, held = said(7, Arm.FOLLOWED_UP), said(7, Arm.HELD_OUT)

    assert treated.follow_up.state == State.OPEN
    assert (held.follow_up, held.dismissed) == (None, Dismissal.HELD_OUT)
    assert (held.decided_by, held.decided_at) == (None, NOW + HOUR)
    assert [(each.arm, each.arm_percent) for each in (treated, held)] == [
        (Arm.FOLLOWED_UP, 50), (Arm.HELD_OUT, 50)
    ]  # fmt: skip


def test_a_detractor_never_is_and_a_passive_that_becomes_one_is_followed_up() -> None:
    assert said(6, Arm.HELD_OUT).follow_up.state == State.OPEN
    held = again(said(8, Arm.HELD_OUT), 7)
    assert held.dismissed == Dismissal.HELD_OUT

    worse = again(held, 3)

    assert (worse.follow_up.state, worse.dismissed) == (State.OPEN, "")
    # As the lot fell.
    assert worse.arm == Arm.HELD_OUT
    found = balance()
    assert (found.detractors, found.followed_up, found.faults) == (2, 2, 0)


def test_an_answer_joins_what_is_open_and_without_a_customer_none_is_drawn() -> None:
    open_one = said(6, Arm.HELD_OUT)
    joined = answered(8, customer=open_one.follow_up.customer, at=NOW + DAY).case
    assert (joined.follow_up, joined.arm) == (open_one.follow_up, "")

    nobodys = [make_respondent() for _ in range(8)]
    Respondent.objects.filter(pk__in=[each.pk for each in nobodys]).update(customer=None)
    invited = [make_invitation(each, state="sent", sent_at=NOW) for each in nobodys]
    cases = [answer(each, score=8, at=NOW).case for each in invited]
    assert {(each.arm, each.follow_up is None) for each in cases} == {("", False)}


def test_when_it_ends_all_are_followed_up_again_and_the_lot_stays_written() -> None:
    held = said(8, Arm.HELD_OUT)
    HoldOut.objects.update(percent=0)
    assert again(held, 7).follow_up.state == State.OPEN
    assert again(held, 7).arm == Arm.HELD_OUT


def test_a_detractor_that_is_held_out_is_a_fault() -> None:
    case = said(2, Arm.HELD_OUT)
    AnswerCase.objects.filter(pk=case.pk).update(follow_up=None, dismissed=Dismissal.HELD_OUT)

    found = balance()
    assert (found.detractors, found.dismissed, found.faults) == (1, 0, 1)
    assert found.first == (case.response_id,)
