from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Customer, StaffUser
from actions.domain.playbooks.steps import RunResult, StepState
from actions.models import PlaybookRun
from actions.services.follow_ups.work import NotAllowed, Stale
from actions.services.playbooks.runs import RunAct, assign, attend_runs, end, settle
from tests.actions.following import OWNER
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import HOUR, NOW, make_customer

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def owner() -> StaffUser:
    return make_staff("cs", OWNER)


@pytest.fixture
def run(owner: StaffUser) -> PlaybookRun:
    return make_run(make_playbook("Call", "Meet"), make_customer(owner_email=OWNER))


def tick() -> int:
    return attend_runs(now=NOW, today=TODAY)


def test_steps_are_done_skipped_with_a_reason_and_opened_again(owner, run) -> None:
    act, (call, meet) = RunAct(run, owner, NOW), run.steps.all()
    settle(act, call, StepState.DONE, note="")
    settle(act, meet, StepState.SKIPPED, note="They wrote first.")
    with pytest.raises(Stale):
        settle(act, call, StepState.DONE, note="")
    settle(act, meet, StepState.OPEN, note="")

    found = [(step.state, step.settled_by) for step in run.steps.all()]
    assert found == [("done", owner), ("open", None)]


def test_an_end_has_its_result_in_words_and_drops_what_was_not_done(owner, run) -> None:
    act, (call, _meet) = RunAct(run, owner, NOW), run.steps.all()
    settle(act, call, StepState.DONE, note="")
    end(act, result=RunResult.REACHED, words="They stay.")

    run.refresh_from_db()
    assert (run.result, run.words, run.ended_by) == ("reached", "They stay.", owner)
    assert [step.state for step in run.steps.all()] == ["done", "dropped"]
    with pytest.raises(Stale):
        end(act, result=RunResult.GIVEN_UP, words="No.")
    with pytest.raises(Stale):
        settle(act, call, StepState.OPEN, note="")


def test_who_does_not_own_it_takes_it_first_and_admins_need_not(run) -> None:
    other, admin = make_staff("cs", "other@koe.example"), make_staff("admin")
    with pytest.raises(NotAllowed):
        end(RunAct(run, other, NOW), result=RunResult.REACHED, words="Mine.")
    with pytest.raises(NotAllowed):
        settle(RunAct(run, other, NOW), run.steps.first(), StepState.DONE, note="")
    with pytest.raises(NotAllowed):
        assign(RunAct(run, other, NOW), to=admin)

    assign(RunAct(run, other, NOW), to=other)
    assert AuditEvent.objects.get().action == "playbook.assign"
    # Seen as it was before: somebody else has it by now.
    with pytest.raises(Stale):
        assign(RunAct(run, admin, NOW), to=admin)
    end(RunAct(PlaybookRun.objects.get(), other, NOW), result=RunResult.REACHED, words="Done.")


def test_a_customer_that_leaves_ends_its_runs_with_that_reason(run) -> None:
    staying = make_run(run.playbook)
    Customer.objects.filter(pk=run.customer_id).update(churned_on=TODAY)

    assert tick() == 1
    run.refresh_from_db()
    staying.refresh_from_db()
    assert (run.result, run.ended_at, run.ended_by) == ("left", NOW, None)
    assert staying.is_open


def test_a_run_follows_its_account_unless_somebody_was_given_it(owner, run) -> None:
    new = make_staff("cs", "new@koe.example")
    given = make_run(run.playbook, make_customer(owner_email=OWNER))
    assign(RunAct(given, owner, NOW), to=owner)
    Customer.objects.update(owner_email="new@koe.example")

    assert [tick(), tick()] == [1, 0]
    owners = dict(PlaybookRun.objects.values_list("pk", "owner"))
    assert owners == {run.pk: new.pk, given.pk: owner.pk}


def test_who_leaves_us_leaves_it_to_the_playbooks_owner_else_to_nobody(owner, run) -> None:
    assign(RunAct(run, owner, NOW), to=owner)
    StaffUser.objects.filter(pk=owner.pk).update(is_active=False)
    assert tick() == 1
    run.refresh_from_db()
    assert (run.owner, run.owner_by_hand) == (None, False)

    admin = make_staff("admin")
    run.playbook.owner = admin
    run.playbook.save()
    assert attend_runs(now=NOW + HOUR, today=TODAY) == 1
    run.refresh_from_db()
    assert run.owner == admin
