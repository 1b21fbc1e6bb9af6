from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Customer, Dimension, Suppression
from surveys.domain.states import CampaignState, InvitationState
from tests.staffing import client_as
from tests.world import (
    DAY,
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


def test_the_page_says_why_an_address_is_given_up_and_until_when() -> None:
    respondent = make_respondent()
    Suppression.objects.create(
        person=respondent.person, reason="bounced", created_at=timezone.now(),
        until=timezone.now() + 182 * DAY, source="not delivered twice: 552 5.2.2 full",
    )  # fmt: skip

    html = page_of(respondent).content.decode()

    assert "two surveys in a row could not be delivered, the mailbox may be full: 552" in html
    assert "The address is tried again from" in html

    assert "Lift" in page_of(respondent, client=client_as("admin")).content.decode()


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


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    for _ in range(rows):
        send(make_respondent(), now=timezone.now() - DAY)
    client = client_as("cs")

    with django_assert_num_queries(9):
        client.get("/respondents/")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    respondent = make_respondent()
    for _ in range(rows):
        campaign = make_campaign(state=CampaignState.FINISHED)
        make_invitation(respondent, campaign, state=InvitationState.SENT, sent_at=timezone.now())
    client = client_as("cs")

    with django_assert_num_queries(19):
        client.get(f"/respondents/{respondent.pk}/")


def kinds(answer) -> list[str]:
    return [each["moment"].kind for each in answer.context["moments"]]


def test_my_accounts_have_the_respondents_of_whoever_looks() -> None:
    customer = make_customer(owner_email="CS@koe.example")
    mine = make_respondent(name="mine", customer=customer)
    make_respondent(name="theirs", customer=make_customer(owner_email="other@koe.example"))
    client = client_as("cs")

    rows = client.get("/respondents/?mine=1").context["rows"]

    assert [row["respondent"] for row in rows] == [mine]
    assert len(client.get("/respondents/?mine=other@koe.example").context["rows"]) == 2
    Customer.objects.update(owner_email="")
    html = client.get("/respondents/?mine=1").content.decode()
    assert "No customer has cs@koe.example as its owner’s e-mail." in html


def test_the_file_holds_whom_the_list_shows_for_people_and_for_koe() -> None:
    customer = make_customer(name="Aozora")
    found = make_respondent(customer=customer, name="=Hanako", email="h@x.example", language="ja")
    make_respondent(name="Sam", language="en")
    client = client_as("cs")

    people = client.get("/respondents/export.csv?language=ja&for=people").getvalue()
    koe = client.get("/respondents/export.csv?language=ja&for=koe").getvalue()

    [row] = csv.DictReader(io.StringIO(people.decode("utf-8-sig")))
    assert list(row.values()) == [
        "'=Hanako", "h@x.example", "yes", "Aozora", "", "ja", "", "", "", customer.customer_id,
    ]  # fmt: skip
    assert list(row)[:3] == ["Name", "E-mail", "Can be e-mailed"]
    [row] = csv.DictReader(io.StringIO(koe.decode("utf-8-sig")))
    assert row["name"] == found.name
    assert client_as("viewer").get("/respondents/export.csv").status_code == 403
    assert AuditEvent.objects.filter(action="respondents.export").count() == 2
    assert "/respondents/export.xlsx?language=ja&amp;for=people" in (
        client.get("/respondents/?language=ja").content.decode()
    )
