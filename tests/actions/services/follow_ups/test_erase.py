from __future__ import annotations

import pytest

from actions.domain.follow_ups.states import Dismissal
from actions.models import AnswerCase, FollowUp, FollowUpEntry, FollowUpRule
from actions.queries.follow_ups.balance import balance
from actions.services.follow_ups import work
from actions.services.follow_ups.decisions import open_by_hand
from actions.services.follow_ups.work import Act
from surveys.services.people.erase import erase_person
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_words_about_an_erased_person_go_and_the_balance_stays() -> None:
    admin = make_staff("admin")
    response = answered(2)
    person, found = response.invitation.person, response.case.follow_up
    found.refresh_from_db()
    respondent = response.invitation.respondent
    respondent.name = "Taro Yamada"
    respondent.save()
    act = Act(found, found.version, admin, NOW)
    work.close(act, cause="price", outcome="Gave Taro a discount.", contacted=True)
    # Dismissed, the answer leads to it no longer: who was asked does.
    AnswerCase.objects.filter(response=response).update(follow_up=None, dismissed="solved")
    beside = [
        open_by_hand(found.customer, owner=admin, text=text, by=admin, now=NOW)
        for text in ("Ask Taro Yamada.", "Renewal.")
    ]
    FollowUpRule.objects.create(trigger="score", level=0, due_hours=8)
    dismissed = answered(5, customer=found.customer)
    AnswerCase.objects.filter(response=dismissed).update(
        dismissed=Dismissal.OTHER, note="Of somebody else."
    )
    before = balance()

    erase_person(person, by=admin, now=NOW)

    texts = set(FollowUpEntry.objects.values_list("text", flat=True))
    assert texts == {""}
    assert FollowUp.objects.get(pk=found.pk).outcome == ""
    assert balance() == before
    assert beside[0] == beside[1]
    assert AnswerCase.objects.get(response=dismissed).note == "Of somebody else."
