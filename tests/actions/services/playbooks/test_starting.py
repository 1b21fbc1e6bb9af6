from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from actions.domain.playbooks.steps import RunResult
from actions.models import PlaybookRun, PlaybookTurn
from actions.queries.follow_ups.staff import workers
from actions.services.playbooks.editing import switch
from actions.services.playbooks.runs import RunAct, end
from actions.services.playbooks.starting import start_playbooks, start_run
from tests.actions.following import OWNER, answered
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_a_run_is_the_accounts_owners_with_its_steps_due_by_working_days() -> None:
    owner = make_staff("cs", OWNER)
    customer = make_customer(owner_email=OWNER.upper())
    playbook = make_playbook("Call", "Meet", started_by="score", level=6)
    switch(playbook, on=True, by=owner, now=NOW)
    answered(3, customer=customer, at=NOW + HOUR)

    assert [start_playbooks(now=NOW + 2 * HOUR) for _ in range(2)] == [1, 0]
    run = PlaybookRun.objects.get()
    assert (run.owner, run.customer) == (owner, customer)
    days = [step.due_at.date() for step in run.steps.all()]
    assert days == [dt.date(2026, 11, 24), dt.date(2026, 11, 25)]


def test_switching_on_starts_nothing_for_the_past_and_nothing_while_off() -> None:
    admin, playbook = make_staff(), make_playbook(started_by="score", level=6)
    customer = make_customer()
    answered(3, customer=customer, at=NOW - DAY)
    assert start_playbooks(now=NOW) == 0

    switch(playbook, on=True, by=admin, now=NOW)
    assert start_playbooks(now=NOW) == 0
    answered(3, customer=customer, at=NOW + HOUR)
    assert start_playbooks(now=NOW + 2 * HOUR) == 1


def test_what_becomes_known_later_starts_although_its_day_has_passed() -> None:
    admin, playbook, customer = make_staff(), make_playbook(), make_customer()
    months = {name: dt.date(2026, name, 1) for name in (9, 10)}
    MonthlyRevenue.objects.create(customer=customer, month=months[9], mrr=100)
    switch(playbook, on=True, by=admin, now=NOW)

    MonthlyRevenue.objects.create(customer=customer, month=months[10], mrr=50)
    assert start_playbooks(now=NOW + DAY) == 1
    assert PlaybookRun.objects.get().occasion == "2026-10"


def test_at_most_once_in_so_many_days_and_customer() -> None:
    admin, customer = make_staff(), make_customer()
    playbook = make_playbook(every_days=30)
    run = make_run(playbook, customer, occasion="2026-09")
    end(RunAct(run, admin, NOW), result=RunResult.REACHED, words="Done.")

    def again(days: int) -> PlaybookRun | None:
        now = NOW + days * DAY
        return start_run(playbook, customer, "2026-10", staff=workers(), now=now)

    assert again(29) is None
    assert again(30) is not None
    assert make_run(playbook, make_customer()) is not None


def test_an_open_run_or_the_same_occasion_gives_the_turn_back() -> None:
    admin, customer, playbook = make_staff(), make_customer(), make_playbook(every_days=1)
    run, later = make_run(playbook, customer, occasion="2026-09"), NOW + 99 * DAY

    assert start_run(playbook, customer, "2026-10", staff=[], now=later) is None
    end(RunAct(run, admin, NOW), result=RunResult.REACHED, words="Done.")
    assert start_run(playbook, customer, "2026-09", staff=[], now=later) is None
    assert PlaybookTurn.objects.get().last_at == NOW
    assert start_run(playbook, customer, "2026-10", staff=[], now=later) is not None


def test_an_edit_leaves_what_is_under_way_alone() -> None:
    playbook = make_playbook("Call")
    run = make_run(playbook)
    playbook.steps.update(title="Write")

    assert [step.title for step in run.steps.all()] == ["Call"]
