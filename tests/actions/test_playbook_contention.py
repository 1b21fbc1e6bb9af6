"""What races to start a playbook for one customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.domain.playbooks.steps import RunResult, StepState
from actions.models import Delivery, PlaybookRun
from actions.services.follow_ups.work import Stale
from actions.services.playbooks.asking import ask_for_step
from actions.services.playbooks.messages import send_due
from actions.services.playbooks.runs import RunAct, end, settle
from actions.services.playbooks.starting import start_run
from surveys.models import Invitation
from surveys.services.campaigns import ask
from tests.actions.alerting import make_channel
from tests.actions.playbooks import make_playbook, make_run
from tests.at_once import run_at_once
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_campaign, make_customer, make_respondent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
AT_ONCE = 6


def starter(found: list[PlaybookRun | None], **who: Any) -> Callable[[], None]:
    def start() -> None:
        found.append(start_run(**who))

    return start


def test_of_many_that_start_it_at_once_one_does() -> None:
    playbook, customer = make_playbook("Call", "Meet"), make_customer()
    found: list[PlaybookRun | None] = []
    who: dict[str, Any] = {"playbook": playbook, "customer": customer, "staff": [], "now": NOW}

    run_at_once([starter(found, **who, occasion=f"2026-{month:02}") for month in range(AT_ONCE)])

    assert len(found) == AT_ONCE
    assert [each for each in found if each] == [PlaybookRun.objects.get()]
    assert PlaybookRun.objects.get().steps.count() == 2


def test_after_its_days_one_more_starts_however_many_try() -> None:
    admin, playbook, customer = make_staff(), make_playbook(every_days=30), make_customer()
    run = make_run(playbook, customer, occasion="2026-01")
    end(RunAct(run, admin, NOW), result=RunResult.REACHED, words="Done.")
    found: list[PlaybookRun | None] = []
    who: dict[str, Any] = {"playbook": playbook, "customer": customer, "staff": []}

    def starts_and_ends(month: int) -> Callable[[], None]:
        """Ended at once, so that only the days hold the next one back."""

        def start() -> None:
            made = start_run(playbook, customer, f"2026-{month:02}", staff=[], now=NOW + 30 * DAY)
            found.append(made)
            if made is not None:
                end(RunAct(made, admin, NOW), result=RunResult.GIVEN_UP, words="No.")

        return start

    assert start_run(**who, occasion="2026-02", now=NOW + 29 * DAY) is None
    run_at_once([starts_and_ends(month) for month in range(2, 2 + AT_ONCE)])
    assert len([each for each in found if each]) == 1
    assert PlaybookRun.objects.count() == 2


def test_a_run_ends_once() -> None:
    admin, run = make_staff(), make_run(make_playbook())
    ended: list[str] = []

    def ends(words: str) -> Callable[[], None]:
        def press() -> None:
            try:
                end(RunAct(run, admin, NOW), result=RunResult.REACHED, words=words)
                ended.append(words)
            except Stale:
                pass

        return press

    run_at_once([ends(str(number)) for number in range(AT_ONCE)])

    assert ended == [PlaybookRun.objects.get().words]


def test_a_message_that_is_due_is_queued_once() -> None:
    playbook = make_playbook()
    playbook.steps.update(kind="webhook", channel=make_channel())
    make_run(playbook)
    sent: list[int] = []

    run_at_once([lambda: sent.append(send_due(now=NOW)) for _ in range(AT_ONCE)])

    assert sum(sent) == 1
    assert Delivery.objects.filter(event="playbook.step").count() == 1


def test_a_step_is_settled_once() -> None:
    admin, run = make_staff(), make_run(make_playbook())
    step = run.steps.get()
    settled: list[str] = []

    def settles(note: str) -> Callable[[], None]:
        def press() -> None:
            try:
                settle(RunAct(run, admin, NOW), step, StepState.DONE, note=note)
                settled.append(note)
            except Stale:
                pass

        return press

    run_at_once([settles(str(number)) for number in range(AT_ONCE)])

    assert settled == [run.steps.get().note]


def test_a_survey_step_that_is_pressed_at_once_asks_once(monkeypatch) -> None:
    monkeypatch.setattr(ask, "enqueue", lambda _task: None)
    admin, playbook, customer = make_staff(), make_playbook(), make_customer()
    playbook.steps.update(kind="survey", campaign=make_campaign())
    make_respondent(customer=customer)
    step = make_run(playbook, customer).steps.get()
    asked: list[int] = []

    def press() -> None:
        try:
            decided = ask_for_step(RunAct(step.run, admin, NOW), step, now=NOW)
            asked.append(sum(each.send_at is not None for each in decided))
        except Stale:
            pass

    run_at_once([press] * AT_ONCE)

    assert sum(asked) == 1
    assert Invitation.objects.count() == 1
    assert step.run.steps.get().state == StepState.DONE
