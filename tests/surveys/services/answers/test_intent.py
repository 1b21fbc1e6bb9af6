from __future__ import annotations

from typing import Any

import pytest

from surveys.models import Intent, Invitation, Response, ResponseChange
from surveys.services.answers.intent import receive_intent
from surveys.services.answers.receive import AnswerOutcome
from tests.surveys.helpers.answering import HUMAN, after, answer
from tests.surveys.helpers.invited import invite
from tests.surveys.helpers.visited import NOON


def intend(invitation: Invitation, *, changed: bool = False, **posted: Any) -> None:
    receipt = receive_intent(invitation.public_id, changed=changed, **posted)
    assert receipt.outcome is AnswerOutcome.RECORDED


@pytest.mark.django_db
def test_intent_is_one_row_that_follows_the_choice_and_never_counts() -> None:
    invitation = invite()
    intend(invitation, score=9, gesture="pointermove", now=after(0))
    intend(invitation, score=7, gesture="pointermove", changed=True, now=after(2))
    intend(invitation, score=2, gesture="pointermove", changed=True, now=after(3))
    intend(invitation, score=8, gesture="pointermove", changed=True, now=after(4))

    intent = Intent.objects.get()
    assert (intent.score, intent.suspect) == (8, False)
    assert Response.objects.count() == ResponseChange.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("event", ["scroll", "load", "focus", "mousemove", "click", ""])
def test_what_machines_cause_by_themselves_is_no_intent(event: str) -> None:
    intend(invite(), score=9, gesture=event, now=NOON)
    assert Intent.objects.count() == 0


@pytest.mark.django_db
def test_intents_of_a_scanner_with_a_mouse_are_suspect_and_the_person_after_it_counts() -> None:
    invitation = invite()
    for at, score in enumerate(range(11)):
        intend(invitation, score=score, gesture="pointermove", now=after(at))
    assert Intent.objects.get().suspect
    answer(invitation, 9, 20, signals=HUMAN)
    assert [each.score for each in Response.objects.counted()] == [9]


@pytest.mark.django_db
def test_intent_after_the_answer_changes_nothing() -> None:
    invitation = invite()
    answer(invitation, 9, 0)
    intend(invitation, score=1, gesture="keydown", now=after(5))
    assert not Intent.objects.exists()
    assert Intent.objects.count() == 0
