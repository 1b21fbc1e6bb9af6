from __future__ import annotations

import datetime as dt

import pytest

from actions.domain.home import LineKind
from actions.models import AnswerCase, FollowUp
from actions.queries.home.follow_ups import due_follow_ups, undecided_answers
from actions.queries.home.found import Scope
from surveys.models import Response
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def due(response: Response, at: dt.datetime, **fields: object) -> FollowUp:
    response.refresh_from_db()
    FollowUp.objects.filter(cases__response=response).update(due_at=at, **fields)
    return FollowUp.objects.get(cases__response=response)


def test_overdue_today_and_new_each_with_who_and_what_they_said() -> None:
    me = make_staff("cs", OWNER)
    overdue, today, later = (answered(score, comment="Slow.") for score in (1, 2, 3))
    late = due(overdue, NOW - HOUR)
    rest = [due(today, NOW + HOUR), due(later, NOW + 2 * DAY)]
    # Snoozed until later today: left alone until then.
    due(answered(4), NOW + HOUR, state="waiting")
    nobodys = due(answered(4, customer=make_customer()), NOW - DAY)
    due(answered(0), NOW - DAY, owner=make_staff("admin"))

    found = due_follow_ups(Scope(me, NOW, is_mine=True))
    lines = {kind: each.take(0, 9) for kind, each in found.items()}

    assert [line.about for line in lines[LineKind.OVERDUE]] == [nobodys, late]
    assert [line.about for line in lines[LineKind.TODAY] + lines[LineKind.NEW]] == rest
    line = lines[LineKind.OVERDUE][1]
    assert (line.response, line.customer) == (overdue, late.customer)
    everybodys = due_follow_ups(Scope(me, NOW, is_mine=False))
    assert [each.total for each in everybodys.values()] == [3, 1, 1]


def test_a_new_detractor_is_one_that_nobody_has_begun_with() -> None:
    me = make_staff("cs", OWNER)
    due(answered(3), NOW + 2 * DAY, state="working")

    assert due_follow_ups(Scope(me, NOW, is_mine=True))[LineKind.NEW].total == 0


def test_answers_that_nobody_has_decided_on_the_oldest_first() -> None:
    me = make_staff("cs", OWNER)
    answers = [answered(score, at=NOW - score * HOUR) for score in (1, 2)]
    theirs = answered(3, customer=make_customer(owner_email="other@koe.example"))
    alone = answered(4)
    stranger = make_respondent()
    stranger.customer = None
    stranger.save()
    alone.invitation.respondent_id = stranger.pk
    alone.invitation.save()
    AnswerCase.objects.update(follow_up=None)

    found = undecided_answers(Scope(me, NOW, is_mine=True))

    assert found.total == 3
    assert [line.response for line in found.take(0, 9)] == [answers[1], answers[0], alone]
    assert [line.customer is None for line in found.take(0, 9)] == [False, False, True]
    assert undecided_answers(Scope(me, NOW, is_mine=False)).total == 4
    assert theirs in [line.about for line in undecided_answers(
        Scope(me, NOW, is_mine=False)
    ).take(0, 9)]  # fmt: skip
