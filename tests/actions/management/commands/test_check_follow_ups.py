from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from actions.domain.follow_ups.states import Dismissal
from actions.models import AnswerCase, FollowUpRule
from tests.actions.following import answered
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def run() -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_follow_ups", stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_balance_counts_answers_and_names_those_that_are_nowhere() -> None:
    customer = make_customer()
    answers = [answered(2, customer=customer), answered(3, customer=customer), answered(9)]
    FollowUpRule.objects.create(trigger="score", level=0, due_hours=8)
    answered(4)
    dismissed = answered(4)
    AnswerCase.objects.filter(response=dismissed).update(dismissed=Dismissal.SOLVED)
    holds = "detractors=4 followed_up=2 dismissed=1 waiting=1 faults=0\n"
    assert run() == (0, holds, "")

    AnswerCase.objects.filter(response=answers[0]).delete()
    # In the follow-up of a customer that said nothing of the kind.
    answers[1].case.follow_up.__class__.objects.update(customer=make_customer())
    code, said, named = run()
    assert (code, said) == (1, "detractors=4 followed_up=0 dismissed=1 waiting=1 faults=2\n")
    assert [f"{each.pk}" in named for each in answers[:2]] == [True, True]
