from __future__ import annotations

from typing import Any

import pytest

from actions.domain.alerts.names import EventName
from actions.domain.playbooks.steps import RunResult
from actions.models import Channel, Delivery, PlaybookRun
from actions.services.deliveries.events import EVENTS
from actions.services.playbooks.messages import note, send_due
from actions.services.playbooks.runs import RunAct, end
from tests.actions.alerting import make_channel
from tests.actions.following import OWNER
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db


def run_with_message(*, after_days: int = 0, **fields: Any) -> PlaybookRun:
    make_staff("cs", OWNER, name="Mika")
    playbook = make_playbook("Tell the board", name="Save them")
    playbook.steps.update(
        kind="webhook", channel=make_channel(kind="webhook"), after_days=after_days, text="Soon."
    )
    return make_run(playbook, make_customer(name="Acme", owner_email=OWNER, **fields))


def test_a_due_message_goes_once_and_its_step_is_done_by_the_machine() -> None:
    run = run_with_message(after_days=1)
    assert send_due(now=NOW) == 0

    assert [send_due(now=NOW + DAY) for _ in range(2)] == [1, 0]
    step = run.steps.get()
    assert (step.state, step.settled_by) == ("done", None)
    delivery = Delivery.objects.get(event=EventName.PLAYBOOK)
    assert (delivery.channel, delivery.payload) == (step.channel, {"step": step.pk})


def test_within_working_hours_it_goes_at_once() -> None:
    run = run_with_message()

    assert run.steps.get().due_at == NOW
    assert send_due(now=NOW) == 1


def test_it_says_what_it_is_about_without_an_address() -> None:
    run = run_with_message()
    send_due(now=NOW)
    delivery = Delivery.objects.get(event=EventName.PLAYBOOK)

    said = note(delivery, NOW)
    assert said is not None
    assert (said.title, said.words) == ("Acme: Tell the board", "Soon.")
    assert ("Owner", "Mika") in said.facts
    assert said.data["customer"]["name"] == "Acme"
    assert "@" not in str(said)
    assert EVENTS[delivery.event].note is note
    run.steps.all().delete()
    assert note(delivery, NOW) is None


def test_no_channel_an_ended_run_or_one_that_is_off_sends_nothing() -> None:
    run = run_with_message()
    Channel.objects.update(disabled="hand")
    assert send_due(now=NOW) == 0
    Channel.objects.update(disabled="")
    owner = run.owner
    assert owner is not None
    end(RunAct(run, owner, NOW), result=RunResult.GIVEN_UP, words="No.")
    assert send_due(now=NOW) == 0

    other = make_run(run.playbook)
    Channel.objects.all().delete()
    assert send_due(now=NOW + DAY) == 0
    assert other.steps.get().state == "open"
