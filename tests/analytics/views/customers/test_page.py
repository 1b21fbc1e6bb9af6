from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import MonthlyRevenue
from analytics.models import HealthScore
from surveys.domain.states import InvitationState
from surveys.models import Response
from tests.analytics import health
from tests.customer_facts import make_event, make_readings
from tests.staffing import client_as
from tests.world import DAY, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_a_customer_shows_revenue_respondents_and_responses() -> None:
    customer = make_customer(name="株式会社青空", attributes={"plan": "pro"})
    for month, mrr in [(8, 100), (10, 200)]:
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, month, 1), mrr=mrr, currency="JPY"
        )
    respondent = make_respondent(customer=customer, name="Aya")
    now = timezone.now()
    invitation = make_invitation(respondent, state=InvitationState.SENT, sent_at=now)
    Response.objects.create(
        invitation=invitation, score=4, comment="slow", answered_at=now, changed_at=now
    )

    answer = client_as("cs").get(f"/customers/{customer.pk}/")

    html = answer.content.decode()
    assert "株式会社青空" in html
    assert [(bar.month.month, bar.height) for bar in answer.context["bars"].bars] == [
        (8, 32.0), (10, 64.0),
    ]  # fmt: skip
    assert "¥200" in html
    assert "slow" in html
    assert f'href="/respondents/{respondent.pk}/"' in html
    assert f'href="/respondents/{respondent.pk}/answers/new/"' in html


def test_the_revenue_of_who_left_before_the_latest_month_is_shown() -> None:
    left, stayed = make_customer(churned_on=dt.date(2026, 9, 30)), make_customer()
    for customer, month in ((left, 8), (stayed, 10)):
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, month, 1), mrr=300, currency="JPY"
        )

    answer = client_as("cs").get(f"/customers/{left.pk}/")

    assert answer.status_code == 200
    assert "¥300" in answer.content.decode()


@pytest.mark.parametrize(
    ("ahead", "left", "said"),
    [(41, None, "in 41 days"), (1, None, "in 1 day"), (-2, None, "over"), (41, 1, "")],
)
def test_a_customer_page_begins_with_revenue_renewal_and_last_contact(
    ahead: int, left: int | None, said: str
) -> None:
    today, now = timezone.localdate(), timezone.now()
    customer = make_customer(renews_on=today + ahead * DAY, churned_on=left and today - left * DAY)
    MonthlyRevenue.objects.create(
        customer=customer, month=dt.date(2026, 10, 1), mrr=500, currency="JPY"
    )
    make_event(customer, "contacted", now - 9 * DAY, ref="1")
    make_event(customer, "contacted", now - 2 * DAY, ref="2")

    answer = client_as("cs").get(f"/customers/{customer.pk}/")

    assert answer.context["contacted_at"] == now - 2 * DAY
    html = answer.content.decode()
    standing = html[html.index('id="standing"') : html.index('id="changes"')]
    assert "¥500" in standing
    assert said in standing
    assert said or "in 41 days" not in standing


def test_a_customer_of_whom_nothing_is_known_shows_dashes_and_no_zero() -> None:
    html = client_as("cs").get(f"/customers/{make_customer().pk}/").content.decode()

    standing = html[html.index('id="standing"') : html.index('id="changes"')]
    assert standing.count("–") == 6
    assert "0" not in standing


@pytest.mark.parametrize("rows", [1, 3])
def test_a_customer_costs_the_same_for_one_and_for_many(
    rows: int, django_assert_num_queries
) -> None:
    customer = make_customer()
    now = timezone.now()
    for _ in range(rows):
        invitation = make_invitation(
            make_respondent(customer=customer), state=InvitationState.SENT, sent_at=now
        )
        Response.objects.create(invitation=invitation, score=4, answered_at=now, changed_at=now)
    client = client_as("cs")

    with django_assert_num_queries(24):
        client.get(f"/customers/{customer.pk}/")


@pytest.mark.usefixtures("today")
def test_the_score_its_parts_and_why_it_moved_stand_on_the_page() -> None:
    health.publish()
    customer = health.make_scored(10, mrr={"2026-09": 50, "2026-10": 0})
    health.answered(customer, 10, day="2026-09-01")
    health.tick(health.DAY - 28 * DAY)
    health.tick()

    answer = client_as("cs").get(f"/customers/{customer.pk}/")

    html = answer.content.decode()
    assert answer.context["change"] == -20
    assert "MRR 50 → 0: −20.0" in html
    assert "against 28 days ago" in html
    assert f'href="/analytics/health/{customer.pk}/"' in html
    assert [(label, part.contribution) for label, part, _ in answer.context["parts"]] == [
        ("Last score", 60), ("MRR", 0),
    ]  # fmt: skip


@pytest.mark.usefixtures("today")
def test_of_who_left_the_score_of_the_day_before_is_shown() -> None:
    health.publish()
    customer = health.make_scored(10, churned_on=health.DAY)
    health.tick(health.DAY - DAY)
    health.make_scored(0)
    health.tick()

    answer = client_as("cs").get(f"/customers/{customer.pk}/")

    assert answer.context["standing"].score == HealthScore.objects.get(customer=customer).score


def test_the_timeline_is_of_one_kind_where_that_is_asked_for() -> None:
    customer = make_customer(started_on=dt.date(2025, 1, 1))
    make_event(customer, "ticket_opened", timezone.now() - DAY, ref="T-1", note="Cannot log in")
    make_readings(customer, "logins", {timezone.localdate() - back * DAY: 1 for back in range(3)})
    client = client_as("cs")
    address = f"/customers/{customer.pk}/"

    everything = client.get(address)
    html = everything.content.decode()
    assert "Ticket opened (T-1)" in html
    assert "Cannot log in" in html
    kinds = everything.context["kinds"]
    assert [(str(each["label"]), each["count"]) for each in kinds] == [
        ("All", None), ("Events", 1), ("Facts", 1),
    ]  # fmt: skip
    of_one = client.get(f"{address}?kind=facts").content.decode()
    assert "Became a customer" in of_one
    assert "Ticket opened" not in of_one[of_one.index('id="timeline"') :]
    assert "Ticket opened" in client.get(f"{address}?kind=x").content.decode()


def test_a_viewer_sees_no_customer() -> None:
    assert client_as("viewer").get(f"/customers/{make_customer().pk}/").status_code == 403
