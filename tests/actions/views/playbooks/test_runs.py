from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import StaffUser
from actions.models import PlaybookRun
from tests.actions.following import OWNER, answered
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import client_as, logged_in, make_staff
from tests.world import make_customer, make_respondent

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> StaffUser:
    return make_staff("cs", OWNER, name="Mika")


def act(client: Client, run: PlaybookRun, name: str, **sent: Any) -> Any:
    return client.post(reverse("actions:playbook-run-act", args=[run.pk, name]), sent)


def page(client: Client, run: PlaybookRun, **query: Any) -> str:
    return client.get(reverse("actions:playbook-run", args=[run.pk]), query).content.decode()


def test_a_run_is_worked_on_to_its_result(owner) -> None:
    run = make_run(make_playbook("Call", "Meet"), make_customer(owner_email=OWNER))
    client, (call, meet) = logged_in(owner), run.steps.all()
    assert act(client, run, "settle", step=call.pk, act="done").status_code == 302
    refused = act(client, run, "settle", step=meet.pk, act="skip")
    assert "Say why it is skipped." in refused.content.decode()
    assert act(client, run, "settle", step="x", act="done").status_code == 404
    assert act(client, run, "end", result="reached").status_code == 422
    assert act(client, run, "end", result="reached", words="They stay.").status_code == 302

    shown = page(client, run)
    assert "They stay." in shown
    assert "Run ended before" in shown
    assert "End the run" not in shown
    late = client.post(
        reverse("actions:playbook-run-act", args=[run.pk, "end"]),
        {"result": "given_up", "words": "No."}, follow=True,
    )  # fmt: skip
    assert "Somebody has changed this run meanwhile." in late.content.decode()


def test_others_take_it_over_first(owner) -> None:
    run = make_run(make_playbook(), make_customer(owner_email=OWNER))
    other = client_as("cs")
    assert "End the run" not in page(other, run)
    assert act(other, run, "end", result="reached", words="Mine.").status_code == 403
    assert act(other, run, "assign", to=owner.pk).status_code == 403
    assert act(other, run, "other").status_code == 404

    assert act(other, run, "take").status_code == 302
    assert act(other, run, "assign", to="0").status_code == 422
    assert act(other, run, "assign", to=owner.pk).status_code == 302
    run.refresh_from_db()
    assert run.owner == owner


def test_a_draft_opens_in_the_mail_program_for_whom_is_chosen(owner) -> None:
    customer = make_customer(name="Acme", owner_email=OWNER)
    first = make_respondent(customer=customer, name="Anna & Co", email="anna+x@example.com")
    second = make_respondent(customer=customer, name="田中", language="ja")
    make_respondent(customer=customer, name="Nobody", email="")
    playbook = make_playbook()
    playbook.steps.update(
        kind="mail",
        mails={
            "en": {"subject": "{customer}", "text": "Dear {name},\n{owner}"},
            "ja": {"subject": "ご連絡", "text": "{name}様"},
        },
    )
    run, client = make_run(playbook, customer), logged_in(owner)

    shown = page(client, run)
    body = quote("Dear Anna & Co,\r\nMika")
    assert f"mailto:anna%2Bx@example.com?subject=Acme&amp;body={body}" in shown
    assert quote("田中様") in page(client, run, to=second.pk)
    assert "Nobody</option>" not in shown
    assert str(first.pk) in shown


def test_the_page_says_why_it_started(owner) -> None:
    response = answered(2)
    customer = response.invitation.respondent.customer
    run = make_run(make_playbook(started_by="score"), customer, occasion=str(response.pk))

    make_respondent(customer=customer, name="Aaron")
    shown = page(logged_in(owner), run)
    assert reverse("surveys:response-detail", args=[response.pk]) in shown
    # A draft goes to who answered, unless somebody else is chosen.
    assert f'value="{response.invitation.respondent_id}" selected' in shown
