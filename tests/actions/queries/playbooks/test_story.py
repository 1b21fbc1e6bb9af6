from __future__ import annotations

import pytest
from django.urls import reverse

from actions.domain.playbooks.steps import RunResult, StepState
from actions.queries.playbooks.story import told
from actions.services.playbooks.runs import RunAct, end, settle
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import logged_in, make_staff
from tests.world import DAY, HOUR, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_the_timeline_tells_of_start_steps_and_result() -> None:
    admin, customer = make_staff(name="Mika"), make_customer()
    run = make_run(make_playbook("Call", "Meet", name="Save them"), customer, at=NOW - DAY)
    settle(RunAct(run, admin, NOW - HOUR), run.steps.first(), StepState.DONE, note="They agreed.")
    end(RunAct(run, admin, NOW), result=RunResult.REACHED, words="They stay.")

    found = [(each.text, each.words, each.who) for each in told(customer)]
    assert found == [
        ("Playbook “Save them” started", "", ""),
        ("Call: Done", "They agreed.", "Mika"),
        ("Playbook “Save them” ended: Reached", "They stay.", "Mika"),
    ]
    url = reverse("customers:detail", args=[customer.pk])
    page = logged_in(admin).get(url, {"kind": "work"}).content.decode()
    assert page.count(reverse("actions:playbook-run", args=[run.pk])) == 4
