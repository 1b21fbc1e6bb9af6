from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template
from django.urls import reverse

from analytics.queries.health.standing import standings
from tests.actions.health import scored
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import client_as
from tests.world import make_customer

pytestmark = pytest.mark.django_db
NIGHT = dt.date(2024, 4, 1)


def test_the_list_of_customers_and_the_page_say_the_touch() -> None:
    customer = make_customer()
    scored(customer, "worst", until=NIGHT)
    listed = client_as("cs").get(reverse("customers:list")).content.decode()
    assert listed.count("high touch") == 1

    drawn = Template("{% load playbooks %}{% touch_of customer standing as touch %}{{ touch }}")
    health = standings([customer.pk], day=NIGHT, today=NIGHT).get(customer.pk)
    gone = make_customer(churned_on=NIGHT)
    known = [(customer, health), (customer, None), (gone, health)]
    texts = [drawn.render(Context({"customer": of, "standing": each})) for of, each in known]
    assert texts == ["high touch", "", ""]


def test_a_customers_page_shows_its_playbooks() -> None:
    run = make_run(make_playbook("Call them", name="Save them"))
    page = client_as("cs").get(reverse("customers:detail", args=[run.customer_id]))

    assert "Save them" in page.content.decode()
    assert reverse("actions:playbook-run", args=[run.pk]) in page.content.decode()
