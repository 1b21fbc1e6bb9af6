from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from actions.domain.playbooks.steps import RunResult, StepState
from actions.queries.playbooks.runs import (
    Why,
    draft_of,
    next_step,
    playbooks,
    runs,
    runs_of,
    why_of,
)
from actions.services.playbooks.runs import RunAct, end, settle
from tests.actions.following import answered
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_playbooks_say_how_often_they_started_and_how_many_are_under_way() -> None:
    used, new = make_playbook(name="A"), make_playbook(name="B")
    ended = make_run(used)
    make_run(used)
    end(RunAct(ended, make_staff(), NOW), result=RunResult.REACHED, words="Done.")

    rows: Any = playbooks()
    assert [(each.started, each.running) for each in rows] == [(2, 1), (0, 0)]
    assert rows[1] == new


def test_open_runs_of_a_customer_come_first_with_the_step_that_is_next() -> None:
    admin, customer = make_staff(), make_customer()
    older = make_run(make_playbook("Call", "Meet"), customer, at=NOW - 9 * DAY)
    newer = make_run(make_playbook(), customer)
    end(RunAct(newer, admin, NOW), result=RunResult.REACHED, words="Done.")
    settle(RunAct(older, admin, NOW), older.steps.first(), StepState.DONE, note="")

    found = runs_of(customer)
    assert found == [older, newer]
    steps = [next_step(run) for run in found]
    assert [step.title if step else "" for step in steps] == ["Meet", ""]


def test_a_run_says_why_it_started() -> None:
    response = answered(2)
    customer = response.invitation.respondent.customer
    by_answer = make_run(make_playbook(started_by="score"), customer, occasion=str(response.pk))
    by_day = make_run(make_playbook(started_by="renewal"), occasion="2026-12-24")
    by_month = make_run(make_playbook(started_by="contraction"), occasion="2026-10")

    found = [why_of(run) for run in (by_answer, by_day, by_month)]
    assert found == [
        Why(response=response), Why(day=dt.date(2026, 12, 24)), Why(month=dt.date(2026, 10, 1))
    ]  # fmt: skip


def test_a_draft_is_in_the_language_of_who_gets_it_or_there_is_none() -> None:
    mails = {"ja": {"subject": "{customer}様", "text": "{name}様\n{owner}"}}
    playbook, reader = make_playbook(), make_staff("cs", name="Mika")
    playbook.steps.update(kind="mail", mails=mails)
    step: Any = make_run(playbook, make_customer(name="Acme")).steps.get()

    draft = draft_of(step, language="ja", name="田中", by=reader)
    assert draft is not None
    assert (draft.subject, draft.text) == ("Acme様", "田中様\nMika")
    assert draft_of(step, language="en", name="Tanaka", by=reader) is None


def test_a_page_of_runs_costs_the_same_for_many(django_assert_num_queries) -> None:
    playbook = make_playbook("Call", "Meet")
    for _ in range(3):
        make_run(playbook)

    with django_assert_num_queries(2):
        assert [len(run.steps.all()) for run in runs()] == [2, 2, 2]
