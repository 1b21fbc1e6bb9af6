from __future__ import annotations

import pytest
from django.urls import reverse

from tests.actions.following import OWNER
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import client_as, logged_in, make_staff
from tests.world import make_customer

pytestmark = pytest.mark.django_db


def test_a_cs_member_reads_what_an_admin_makes() -> None:
    empty = client_as("cs").get(reverse("actions:playbook-list")).content.decode()
    assert "No playbook yet" in empty
    assert reverse("actions:playbook-create") not in empty

    make_run(make_playbook(name="Save them"))
    listed = client_as("admin").get(reverse("actions:playbook-list")).content.decode()
    assert "Save them" in listed
    assert reverse("actions:playbook-create") in listed


def test_tasks_are_ones_own_nobodys_or_all() -> None:
    owner = make_staff("cs", OWNER)
    make_run(make_playbook("Call them"), make_customer(owner_email=OWNER))
    make_run(make_playbook("Write to them"))
    client = logged_in(owner)

    def shown(view: str) -> list[bool]:
        page = client.get(reverse("actions:playbook-tasks"), {"view": view}).content.decode()
        return [text in page for text in ("Call them", "Write to them")]

    assert shown("mine") == shown("nothing") == [True, False]
    assert shown("unassigned") == [False, True]
    assert shown("all") == [True, True]


def test_results_stand_beside_the_sentence_that_it_is_no_trial() -> None:
    make_run(make_playbook(name="Save them"))
    page = client_as("cs").get(reverse("actions:playbook-results")).content.decode()

    assert "Save them" in page
    assert "This is no trial" in page
