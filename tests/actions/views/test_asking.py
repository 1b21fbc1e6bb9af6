from __future__ import annotations

import pytest
from django.urls import reverse

from surveys.models import Campaign, Invitation
from surveys.queries.calendar.clock import database_now
from tests.actions.following import OWNER
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import client_as, logged_in, make_staff
from tests.world import DAY, make_campaign, make_customer, make_respondent, send

pytestmark = pytest.mark.django_db


def test_the_page_says_who_is_asked_and_who_not_and_why_and_one_press_asks() -> None:
    customer = make_customer(name="Ember")
    make_respondent(customer=customer, name="Free Person")
    capped = make_respondent(customer=customer, name="Capped Person")
    now = database_now()
    for age in (200, 100):
        send(capped, now=now - age * DAY)
    make_campaign(minimum_gap_days=0)
    client, url = client_as("cs"), reverse("actions:ask", args=[customer.pk])
    assert url in client.get(reverse("customers:detail", args=[customer.pk])).content.decode()

    page = client.get(url)
    html = page.content.decode()

    assert "1 person will be asked" in html
    assert "Already asked twice within a year" in html
    [(who, _why, possible)] = page.context["left_out"]
    assert (who, possible) == (capped, now + 165 * DAY)
    assert Invitation.objects.count() == 2, "GET changes nothing"

    chosen = {"campaign": page.context["chosen"].slug}
    first = client.post(url, chosen, follow=True).content.decode()
    again = client.post(url, chosen, follow=True).content.decode()

    assert "1 person is asked now" in first
    assert "Nobody could be asked now." in again
    assert Invitation.objects.count() == 3


def test_the_step_of_a_run_leads_there_and_a_stopped_campaign_asks_nobody() -> None:
    owner = make_staff("cs", OWNER)
    campaign, playbook = make_campaign(), make_playbook()
    playbook.steps.update(kind="survey", campaign=campaign)
    customer = make_customer(owner_email=OWNER)
    make_respondent(customer=customer)
    step = make_run(playbook, customer).steps.get()
    client, url = logged_in(owner), reverse("actions:ask", args=[customer.pk])
    run = reverse("actions:playbook-run", args=[step.run_id])
    assert f"{url}?step={step.pk}" in client.get(run).content.decode()

    Campaign.objects.update(state="paused")
    assert "is not running" in client.get(f"{url}?step={step.pk}").content.decode()
    said = client.post(url, {"step": step.pk}, follow=True)
    assert "nobody was asked" in said.content.decode()
    assert not Invitation.objects.exists()

    Campaign.objects.update(state="running")
    sent = client.post(url, {"step": step.pk})
    assert sent["Location"] == run
    step.refresh_from_db()
    assert (step.state, Invitation.objects.count()) == ("done", 1)


def test_a_step_of_another_customer_or_of_somebody_elses_run_is_refused() -> None:
    make_staff("cs", OWNER)
    playbook = make_playbook()
    playbook.steps.update(kind="survey", campaign=make_campaign())
    customer = make_customer(owner_email=OWNER)
    make_respondent(customer=customer)
    step = make_run(playbook, customer).steps.get()
    client = client_as("cs")

    elsewhere = reverse("actions:ask", args=[make_customer().pk])
    assert client.get(f"{elsewhere}?step={step.pk}").status_code == 404
    here = reverse("actions:ask", args=[customer.pk])
    assert client.post(here, {"step": step.pk}).status_code == 403
    assert not Invitation.objects.exists()
