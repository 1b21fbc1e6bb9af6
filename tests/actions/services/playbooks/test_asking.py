from __future__ import annotations

import pytest

from actions.models import PlaybookRun, RunStep
from actions.services.follow_ups.work import NotAllowed, Stale
from actions.services.playbooks.asking import ask_for_step
from actions.services.playbooks.runs import RunAct
from surveys.models import Campaign, Invitation
from tests.actions.following import OWNER
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import NOW, make_campaign, make_customer, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def survey_step(campaign: Campaign | None, *, people: int = 1) -> RunStep:
    playbook = make_playbook()
    playbook.steps.update(kind="survey", campaign=campaign)
    customer = make_customer(owner_email=OWNER)
    for _ in range(people):
        make_respondent(customer=customer)
    return make_run(playbook, customer).steps.get()


def press(step: RunStep, by) -> int:
    """How many are asked. Each press begins with what it sees."""
    run, seen = PlaybookRun.objects.get(pk=step.run_id), RunStep.objects.get(pk=step.pk)
    decided = ask_for_step(RunAct(run, by, NOW), seen, now=NOW)
    return sum(each.send_at is not None for each in decided)


def test_one_press_asks_and_settles_the_step_a_second_one_does_neither() -> None:
    owner = make_staff("cs", OWNER)
    step = survey_step(make_campaign(), people=2)

    assert press(step, owner) == 2
    with pytest.raises(Stale):
        press(step, owner)

    step.refresh_from_db()
    assert (step.state, step.note, step.settled_by) == ("done", "2 people asked", owner)
    assert Invitation.objects.count() == 2


def test_where_nobody_can_be_asked_it_stays_open() -> None:
    owner = make_staff("cs", OWNER)
    step = survey_step(make_campaign(), people=0)

    assert press(step, owner) == 0

    step.refresh_from_db()
    assert step.state == "open"


def test_only_who_works_on_the_run_asks_and_only_in_a_campaign() -> None:
    owner, other = make_staff("cs", OWNER), make_staff("cs", "other@koe.example")
    with pytest.raises(NotAllowed):
        press(survey_step(make_campaign()), other)
    with pytest.raises(Stale):
        press(survey_step(None), owner)
    assert not Invitation.objects.exists()
