"""Whom an answer is told to by rule, in its own transaction, on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer, Dimension, MonthlyRevenue, SegmentProfile
from actions.models import Delivery
from tests.actions.alerting import make_channel, make_rule, tick
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import NOW, SECOND, answer, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SOON = NOW + 45 * SECOND


def told() -> list[tuple[str, int]]:
    rows = Delivery.objects.filter(event="answer.alert").order_by("pk")
    return [
        (each.staff.email if each.staff else each.channel.name, each.payload["response"])
        for each in rows.select_related("staff", "channel")
    ]


def test_each_receiver_is_told_once_by_the_first_rule_that_names_them() -> None:
    viewer, channel = make_staff("viewer"), make_channel()
    left = make_staff("cs", is_active=False)
    off = make_channel(name="Off", disabled="hand")
    make_rule(viewer, channel, left, off, name="A")
    make_rule(viewer, name="B")
    make_rule(viewer, name="Unused", is_active=False)

    first, _passive = answered(9), answered(8)

    assert told() == [("viewer@koe.example", first.pk), ("Board", first.pk)]


def test_only_key_accounts_are_told_of_where_a_rule_asks_for_them() -> None:
    viewer = make_staff("viewer")
    plan = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    big, small = make_customer(), make_customer()
    month = dt.date(2026, 10, 1)
    for customer, amount in ((big, 900), (small, 100)):
        MonthlyRevenue.objects.create(customer=customer, month=month, mrr=amount, currency="JPY")
    make_rule(viewer, group="any", dimension=plan, value="enterprise", mrr_at_least=Decimal(500))
    profile = SegmentProfile.objects.create(digest="d", values={"plan": "enterprise"})

    rich, poor = answered(9, customer=big), answered(9, customer=small)
    named = answered(9, customer=small, profile=profile)

    assert poor.pk not in dict(map(reversed, told()))
    assert [pk for _, pk in told()] == [rich.pk, named.pk]


def test_the_owner_who_has_the_alert_already_is_not_told_twice() -> None:
    owner = make_staff("cs", OWNER)
    make_rule(owner, group="detractor")

    answered(2)

    assert told() == []
    assert Delivery.objects.get().event == "answer.owner"


def test_who_becomes_a_promoter_is_told_as_one_and_a_deleted_rule_tells_nothing() -> None:
    viewer = make_staff("viewer")
    rule = make_rule(viewer)
    make_rule(viewer, group="detractor", name="Detractors")
    response = answered(9, customer=make_customer())
    assert tick(SOON) == 1
    answer(response.invitation, 2, at=SOON)
    answer(response.invitation, 10, at=SOON + 70 * SECOND)
    # By then it is a promoter again, which they know.
    assert tick(SOON + 300 * SECOND) == 0
    assert [each.subject for each in mail.outbox] == [
        f"{response.invitation.respondent.customer} answered 9 of 10"
    ]

    answered(9, at=NOW)
    rule.delete()
    assert (tick(SOON), Delivery.objects.filter(state="waiting").count()) == (0, 0)


def test_imported_history_is_no_news() -> None:
    make_rule(make_staff("viewer"), group="any")

    answered(9, reason="imported")
    answered(2, reason="imported")

    assert not Delivery.objects.exists()


def test_praise_that_nobody_asks_for_costs_one_query_for_rules_and_none_for_webhooks() -> None:
    response = answered(9)
    with CaptureQueriesContext(connection) as seen:
        answer(response.invitation, 10, at=SOON)
    asked = [each["sql"] for each in seen if "actions_" in each["sql"]]
    assert ["actions_alertrule" in each for each in asked] == [True]
    assert not [each for each in seen if "api_" in each["sql"]]


def test_nothing_is_queued_where_the_answer_was_not_kept(monkeypatch) -> None:
    make_rule(make_staff("viewer"), group="any")
    from actions import receivers

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(receivers, "tell", fails)
    with pytest.raises(RuntimeError):
        answered(2)
    assert not Delivery.objects.exists()
    assert Customer.objects.exists()
