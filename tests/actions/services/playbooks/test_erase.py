from __future__ import annotations

import pytest

from actions.domain.playbooks.steps import RunResult, StepState
from actions.services.playbooks.runs import RunAct, end, settle
from surveys.services.people.erase import erase_person
from tests.actions.following import answered
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_erasing_a_person_takes_the_words_about_them_and_leaves_the_others() -> None:
    admin = make_staff()
    customer, other = make_customer(), make_customer()
    named = make_respondent(customer=customer, name="Kaori Tanaka")
    answer = answered(3, customer=other)
    runs = [
        make_run(make_playbook(), customer),
        make_run(make_playbook(), customer),
        make_run(make_playbook(started_by="score"), other, occasion=str(answer.pk)),
    ]
    words = ["Kaori Tanaka agreed.", "The team agreed.", "They agreed."]
    for run, text in zip(runs, words, strict=True):
        act = RunAct(run, admin, NOW)
        settle(act, run.steps.get(), StepState.SKIPPED, note=text)
        end(act, result=RunResult.REACHED, words=text)

    erase_person(named.person, by=admin, now=NOW)
    erase_person(answer.invitation.person, by=admin, now=NOW)

    for run in runs:
        run.refresh_from_db()
    assert [run.words for run in runs] == ["", "The team agreed.", ""]
    assert [run.steps.get().note for run in runs] == ["–", "The team agreed.", "–"]
