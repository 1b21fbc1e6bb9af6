from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import Playbook, PlaybookRun
from tests.actions.following import answered
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import client_as
from tests.world import DAY, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    return client_as("admin")


def url(name: str, playbook: Playbook) -> str:
    return reverse(f"actions:playbook-{name}", args=[playbook.pk])


def test_from_a_template_to_switched_on(admin) -> None:
    new = reverse("actions:playbook-create")
    assert "Detractor at a key account" in admin.get(new).content.decode()
    admin.post(new, {"preset": "detractor"})
    playbook = Playbook.objects.get()

    sent = {"name": "Ours", "level": "4", "every_days": "30"}
    assert admin.post(url("edit", playbook), {**sent, "level": "9"}).status_code == 422
    assert admin.post(url("edit", playbook), sent).status_code == 302
    admin.post(url("switch", playbook), {"on": "1"})
    playbook.refresh_from_db()
    assert (playbook.name, playbook.level, playbook.is_on) == ("Ours", 4, True)
    admin.post(url("switch", playbook), {"on": "0"})
    playbook.refresh_from_db()
    assert not playbook.is_on


def test_an_empty_one_is_made_of_what_starts_it_and_does_not_go_on_without_steps(admin) -> None:
    new = reverse("actions:playbook-create")
    assert admin.post(new, {"started_by": "nothing"}).status_code == 422
    assert admin.post(new, {"started_by": "usage"}).status_code == 302
    playbook = Playbook.objects.get()

    refused: Any = admin.post(url("switch", playbook), {"on": "1"}, follow=True)
    assert "Add a step first" in refused.content.decode()
    playbook.refresh_from_db()
    assert not playbook.is_on


def test_a_try_names_the_customers_and_writes_nothing(admin) -> None:
    playbook = make_playbook(started_by="score", level=6)
    customer = make_customer(name="Acme Foods")
    answered(3, customer=customer, at=timezone.now() - 30 * DAY)

    plain = admin.get(url("detail", playbook)).content.decode()
    tried = admin.get(url("detail", playbook), {"try": "1"}).content.decode()
    assert "Acme Foods" not in plain
    assert "It would have started 1 time in the last 12 months." in tried
    assert "Acme Foods" in tried
    assert not PlaybookRun.objects.exists()


def test_a_table_that_is_missing_is_said(admin) -> None:
    playbook = make_playbook(started_by="touch")

    assert "There is no touch table yet" in admin.get(url("edit", playbook)).content.decode()
    assert "it starts for nobody" in admin.get(url("detail", playbook)).content.decode()


def test_only_one_without_runs_is_deleted(admin) -> None:
    used, unused = make_playbook(), make_playbook()
    make_run(used)
    for playbook in (used, unused):
        admin.post(url("delete", playbook))

    assert list(Playbook.objects.all()) == [used]
