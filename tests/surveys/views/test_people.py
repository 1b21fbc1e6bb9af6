from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.models import AuditEvent, Dimension, MonthlyRevenue, Respondent, Suppression
from accounts.services.suppression import suppress
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Attempt, Campaign, DeliveryEvent, Response, ResponseChange
from tests.staffing import client_as
from tests.world import (
    DAY,
    HOUR,
    WINDOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_person,
    make_respondent,
    queue,
    send,
)

pytestmark = pytest.mark.django_db


def page_of(respondent, query: str = "", *, client: Client | None = None):
    return (client or client_as("cs")).get(f"/respondents/{respondent.pk}/{query}")


def kinds(answer) -> list[str]:
    return [each["moment"].kind for each in answer.context["moments"]]


def test_the_timeline_tells_everything_newest_first() -> None:
    start = timezone.now() - 9 * DAY
    respondent = make_respondent()
    invitation = make_invitation(
        respondent, state=InvitationState.SENT, sent_at=start, delivery_status="delivered"
    )
    type(invitation).objects.filter(pk=invitation.pk).update(created_at=start - HOUR)
    for number, outcome in enumerate(["retry", "sent"]):
        at = start + number * HOUR
        Attempt.objects.create(
            invitation=invitation,
            number=number + 1,
            email=respondent.email,
            outcome=outcome,
            code=451 if outcome == "retry" else 250,
            reply="later" if outcome == "retry" else "ok",
            started_at=at,
            ended_at=at,
        )
    reminded = start + 4 * DAY
    Attempt.objects.create(
        invitation=invitation,
        kind="reminder",
        number=1,
        email=respondent.email,
        outcome="sent",
        started_at=reminded,
        ended_at=reminded,
    )
    DeliveryEvent.objects.create(
        provider="x", event_id="1", kind="delivered", invitation=invitation,
        occurred_at=start + 2 * HOUR,
    )  # fmt: skip
    at = start + 5 * DAY
    response = Response.objects.create(
        invitation=invitation, score=9, answered_at=at, changed_at=at + HOUR
    )
    ResponseChange.objects.create(response=response, at=at, score_after=3)
    ResponseChange.objects.create(response=response, at=at + HOUR, score_before=3, score_after=9)
    suppress(respondent.person, SuppressionReason.OPTED_OUT, now=start + 6 * DAY)

    answer = page_of(respondent)

    assert kinds(answer) == [
        "stopped", "changed", "answered", "reminded", "delivered", "sent", "retry", "planned",
    ]  # fmt: skip
    scores = {each["moment"].kind: each["moment"].score for each in answer.context["moments"]}
    assert (scores["answered"], scores["changed"]) == (3, 9)
    assert "451 later" in answer.content.decode()


def test_imported_history_shows_when_it_was_asked() -> None:
    respondent = make_respondent()
    make_invitation(
        respondent, state=InvitationState.SENT, reason="imported", sent_at=timezone.now() - DAY
    )

    assert kinds(page_of(respondent)) == ["sent"]


def test_both_slots_and_the_next_possible_date_are_shown() -> None:
    now = timezone.now()
    respondent = make_respondent()
    send(respondent, now=now - 2 * DAY)
    queue(respondent, now=now)

    answer = page_of(respondent)

    first, second = sorted(answer.context["slots"], key=lambda slot: slot["held_by"] is not None)
    assert first["busy_until"] == now - 2 * DAY + WINDOW
    assert second["held_by"] is not None
    assert answer.context["next_possible"] == now - 2 * DAY + WINDOW
    html = answer.content.decode()
    assert "used; free again on" in html
    assert "reserved for" in html


def test_a_person_never_asked_may_be_asked_now() -> None:
    html = page_of(make_respondent()).content.decode()

    assert html.count("free</dd>") == 2
    assert "Never asked." in html


def test_each_open_campaign_says_why_somebody_is_not_asked() -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    respondent = make_respondent(customer=make_customer(attributes={"plan": "free"}))
    make_campaign(state=CampaignState.FINISHED)
    asked = make_campaign()
    outside = make_campaign(state=CampaignState.DRAFT, audience={"plan": ["pro"]})
    invited = make_campaign(state=CampaignState.PAUSED)
    make_invitation(respondent, invited)

    decisions = page_of(respondent).context["decisions"]

    told = {
        each["campaign"]: str(each.get("label") or each["invitation"].get_state_display())
        for each in decisions
    }
    assert told == {asked: "Will be asked", outside: "Not in the audience", invited: "Queued"}


def ended_campaign(at: dt.datetime, **fields: Any) -> Campaign:
    return make_campaign(state=CampaignState.FINISHED, finished_at=at, **fields)


def sent_to(respondent: Respondent, *, at: dt.datetime) -> None:
    make_invitation(respondent, make_campaign(), state="sent", sent_at=at)


def test_an_ended_campaign_says_why_somebody_was_not_asked() -> None:
    """By what held at its end and not by what holds today."""
    end = timezone.now() - 200 * DAY
    respondent = make_respondent(customer=make_customer(churned_on=(end + 9 * DAY).date()))
    Respondent.objects.update(created_at=end - 900 * DAY)
    campaigns = {
        "Nothing known today speaks against it": ended_campaign(end - 600 * DAY),
        "Already asked twice within a year": ended_campaign(end),
        "Stopped by staff": ended_campaign(end - 500 * DAY),
        "Asked recently by another campaign": ended_campaign(end - 300 * DAY, minimum_gap_days=30),
        "Customer left or has not started": ended_campaign(end + 10 * DAY),
        "Not yet known to us when it ended": ended_campaign(end - 901 * DAY),
    }
    for days in (310, 30):
        sent_to(respondent, at=end - days * DAY)
    suppress(respondent.person, SuppressionReason.MANUAL, now=end - 510 * DAY)
    Suppression.objects.update(lifted_at=end - 490 * DAY)

    client = client_as("cs")
    for label, campaign in campaigns.items():
        page = page_of(respondent, f"?campaign={campaign.slug}", client=client)
        told = {each["campaign"]: str(each.get("label")) for each in page.context["decisions"]}
        assert told[campaign] == label
        assert "at its end, as far as is known today" in page.content.decode()


def test_an_ended_campaign_that_asked_shows_what_became_of_it() -> None:
    respondent = make_respondent()
    ended = ended_campaign(timezone.now())
    invitation = make_invitation(respondent, ended, state="sent", sent_at=timezone.now())

    [entry] = page_of(respondent, f"?campaign={ended.slug}").context["decisions"]

    assert entry == {"campaign": ended, "invitation": invitation}


def test_a_merged_person_is_shown_with_the_history_of_both() -> None:
    person = make_person()
    respondent = make_respondent(person)
    other = make_respondent(make_person("second@example.com"))
    make_invitation(other, state=InvitationState.SENT, sent_at=timezone.now() - DAY)

    answer = client_as("admin").post(
        f"/respondents/{respondent.pk}/merge/", {"email": "Second@example.com"}
    )

    other.person.refresh_from_db()
    assert answer.status_code == 302
    assert other.person.merged_into == person
    assert "sent" in kinds(page_of(respondent))
    event = AuditEvent.objects.get(action="person.merge")
    assert event.actor.email == "admin@koe.example"


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("nobody@example.com", "Nobody has the address nobody@example.com."),
        ("Me@example.com", "That is this person&#x27;s own address."),
    ],
)
def test_a_wrong_merge_is_refused(email: str, message: str) -> None:
    respondent = make_respondent(make_person("me@example.com"))

    answer = client_as("admin").post(f"/respondents/{respondent.pk}/merge/", {"email": email})

    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_stopping_suppresses_the_person() -> None:
    respondent = make_respondent()

    client_as("admin").post(f"/respondents/{respondent.pk}/stop/")

    suppression = Suppression.objects.get()
    assert (suppression.person, suppression.reason) == (respondent.person, "manual")
    assert AuditEvent.objects.get().action == "person.stop"


def test_erasing_asks_first() -> None:
    respondent = make_respondent(name="Aya")
    client = client_as("admin")

    assert "Erase Aya?" in client.get(f"/respondents/{respondent.pk}/erase/").content.decode()
    respondent.refresh_from_db()
    assert respondent.name == "Aya"

    client.post(f"/respondents/{respondent.pk}/erase/")
    respondent.refresh_from_db()
    assert respondent.name == ""
    html = client.get(f"/respondents/{respondent.pk}/").content.decode()
    assert "erased person" in html
    assert "Stop e-mails" not in html
    assert client.get(f"/respondents/{respondent.pk}/erase/").status_code == 404


def test_a_cs_member_is_offered_no_button_of_an_admin() -> None:
    respondent = make_respondent()

    html = page_of(respondent).content.decode()

    assert f"/respondents/{respondent.pk}/erase/" not in html
    assert f"/respondents/{respondent.pk}/stop/" not in html


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
        (8, 32.0), (9, 0.0), (10, 64.0),
    ]  # fmt: skip
    assert "¥200" in html
    assert "slow" in html
    assert f'href="/respondents/{respondent.pk}/"' in html


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


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    for _ in range(rows):
        send(make_respondent(), now=timezone.now() - DAY)
    client = client_as("cs")

    with django_assert_num_queries(8):
        client.get("/respondents/")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    respondent = make_respondent()
    for _ in range(rows):
        campaign = make_campaign(state=CampaignState.FINISHED)
        make_invitation(respondent, campaign, state=InvitationState.SENT, sent_at=timezone.now())
    client = client_as("cs")

    with django_assert_num_queries(16):
        client.get(f"/respondents/{respondent.pk}/")


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

    with django_assert_num_queries(11):
        client.get(f"/customers/{customer.pk}/")
