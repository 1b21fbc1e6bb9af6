from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.models import MonthlyRevenue
from accounts.services.suppression import suppress
from surveys.domain.states import InvitationState
from surveys.models import Response
from surveys.queries.people.lookup import Billed, revenue_of
from tests.staffing import client_as
from tests.world import (
    DAY,
    make_customer,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db


def names(client, query: str = "") -> list[str]:
    rows = client.get(f"/respondents/{query}").context["rows"]
    return [row["respondent"].name for row in rows]


def test_the_list_is_filtered() -> None:
    aya = make_respondent(name="Aya", language="ja", email="a@example.com")
    make_respondent(name="Ben", email="b@example.net")
    suppress(aya.person, SuppressionReason.BOUNCED, now=timezone.now())
    client = client_as("cs")

    assert names(client) == ["Aya", "Ben"]
    assert names(client, "?sort=-name") == ["Ben", "Aya"]
    assert names(client, "?q=example.net") == ["Ben"]
    assert names(client, "?language=ja") == ["Aya"]
    assert names(client, "?state=stopped") == ["Aya"]
    assert names(client, "?state=mailed") == ["Ben"]
    assert names(client, f"?customer={aya.customer.customer_id}") == ["Aya"]


def test_the_list_shows_the_last_asking_and_score() -> None:
    respondent = make_respondent()
    now = timezone.now()
    for age, score in [(300, 2), (10, 9)]:
        at = now - age * DAY
        invitation = make_invitation(respondent, state=InvitationState.SENT, sent_at=at)
        Response.objects.create(invitation=invitation, score=score, answered_at=at, changed_at=at)
    make_invitation(respondent, state=InvitationState.QUEUED)

    (row,) = client_as("cs").get("/respondents/").context["rows"]

    assert row["asked_at"] == now - 10 * DAY
    assert row["response"].score == 9


def test_a_month_whose_file_was_cut_is_not_known_instead_of_nothing() -> None:
    missing, left = make_customer(), make_customer(churned_on=dt.date(2026, 10, 5))
    for customer in (missing, left):
        MonthlyRevenue.objects.create(customer=customer, month=dt.date(2026, 9, 1), mrr=5)
    MonthlyRevenue.objects.create(customer=make_customer(), month=dt.date(2026, 10, 1), mrr=5)

    assert [paid for _, paid in revenue_of(missing, months=2)] == [Billed(5, ""), Billed(None, "")]
    assert [paid for _, paid in revenue_of(left, months=2)] == [Billed(5, ""), None]
