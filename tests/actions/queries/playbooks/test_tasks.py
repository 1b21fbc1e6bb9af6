from __future__ import annotations

import pytest

from actions.domain.playbooks.steps import RunResult, StepState
from actions.queries.playbooks.tasks import all_tasks, open_tasks
from actions.services.playbooks.runs import RunAct, end, settle
from tests.actions.alerting import make_channel
from tests.actions.following import OWNER
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_ones_own_open_steps_by_the_day_they_are_due(django_assert_num_queries) -> None:
    owner = make_staff("cs", OWNER)
    make_run(make_playbook("Call", "Meet"), make_customer(owner_email=OWNER))
    make_run(make_playbook("Write"), make_customer(owner_email=OWNER), at=NOW - 9 * DAY)
    nobodys = make_run(make_playbook("Wait"))

    with django_assert_num_queries(2):
        found = open_tasks(owner, NOW)
    titles = [task.step.title if task.step else "" for task in found]
    assert titles == ["Write", "Call", "Meet"]
    assert [task.is_overdue for task in found] == [True, False, False]
    assert [task.run for task in open_tasks(None, NOW)] == [nobodys]
    assert len(all_tasks(NOW)) == 4


def test_when_all_is_done_the_result_is_the_task_until_it_is_written() -> None:
    owner = make_staff("cs", OWNER)
    run = make_run(make_playbook("Call"), make_customer(owner_email=OWNER))
    step = run.steps.get()
    settle(RunAct(run, owner, NOW), step, StepState.DONE, note="")

    (task,) = open_tasks(owner, NOW)
    assert (task.run, task.step, task.due_at) == (run, None, step.due_at)
    end(RunAct(run, owner, NOW), result=RunResult.REACHED, words="Done.")
    assert open_tasks(owner, NOW) == []


def test_what_the_machine_sends_is_nobodys_task_unless_its_channel_is_gone() -> None:
    playbook, channel = make_playbook("Tell", "Call"), make_channel()
    playbook.steps.filter(title="Tell").update(kind="webhook", channel=channel)
    make_run(playbook)

    def titles() -> list[str]:
        return [task.step.title for task in all_tasks(NOW) if task.step]

    assert titles() == ["Call"]
    channel.delete()
    assert set(titles()) == {"Tell", "Call"}
