from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import timezone

from accounts.models import Customer, MonthlyRevenue
from tests.customer_facts import make_event
from tests.world import DAY, make_customer

pytestmark = pytest.mark.django_db


def account_of(customer: Customer) -> str:
    text = "{% load customers %}{% account customer %}"
    return Template(text).render(Context({"customer": customer}))


def test_an_account_is_told_by_its_revenue_renewal_owner_and_last_contact() -> None:
    today = timezone.localdate()
    customer = make_customer(renews_on=today + 41 * DAY, owner_email="cs@koe.example")
    MonthlyRevenue.objects.create(
        customer=customer, month=dt.date(2026, 10, 1), mrr=500, currency="JPY"
    )
    make_event(customer, "contacted", timezone.now() - 2 * DAY, ref="1")

    html = account_of(customer)

    for said in ("¥500", "in 41 days", "cs<wbr>@koe.example", f"{today - 2 * DAY:%Y-%m-%d}"):
        assert said in html


def test_of_an_account_that_left_no_renewal_is_told() -> None:
    today = timezone.localdate()
    customer = make_customer(renews_on=today + 41 * DAY, churned_on=today)

    html = account_of(customer)

    assert "in 41 days" not in html
    assert "Churned" in html
