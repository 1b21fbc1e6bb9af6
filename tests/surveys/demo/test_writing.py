"""What a demo world says in plain values, its rows say."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import Customer, CustomerVersion, MonthlyRevenue, Respondent, Suppression
from surveys.demo import organisation, writing
from surveys.demo.companies import Window
from surveys.demo.shape import Answer, Asked, CampaignPlan, Company, Contact, Sizes
from surveys.domain.answers.questions import faults, satisfaction_key
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Attempt, Campaign, DeliveryEvent, Invitation, Response, Slot
from tests.surveys.demo.made import NOW, asked_of, contacts_of, make
from tests.world import DAY, HOUR

pytestmark = pytest.mark.django_db
FREE = {"plan": "free", "contract": "starter", "usage_per_seat": "3.2"}
PRO = {**FREE, "plan": "pro"}
PLAN = CampaignPlan("spring", "Spring", CampaignState.RUNNING, NOW - 30 * DAY)


def asked(state: InvitationState = InvitationState.SENT, **fields) -> Asked:
    sent = state in {InvitationState.SENT, InvitationState.UNKNOWN}
    return Asked(
        PLAN, "id-of-22-letters-ok---", state, NOW - 9 * DAY, {"plan": "pro"}, "ja",
        sent_at=NOW - 9 * DAY if sent else None, **fields,
    )  # fmt: skip


def write(row: Asked | None = None, **contact) -> Respondent:
    company = Company(
        "C1", "Koe", "koe.example", "ja", "Asia/Tokyo", "cs@koe.example", 12,
        started_on=dt.date(2026, 1, 1), churned_on=None,
        versions=[(dt.date(2026, 1, 1), FREE), (dt.date(2026, 6, 1), PRO)],
        revenue=[(dt.date(2026, 5, 1), 9000)], mood={}, closeness=0.0,
    )  # fmt: skip
    person = Contact("aya@koe.example", "Aya", "admin", "ja", "Asia/Tokyo", 0.0, **contact)
    person.asked = [row] if row else []
    campaign = Campaign.objects.create(slug="spring", name="Spring")
    assert list(
        writing.write_world(
            iter([(company, [person])]), campaigns={"spring": campaign}, window=Window(NOW, 24)
        )
    ) == [1]
    return Respondent.objects.get()


def test_a_customer_has_its_history_and_its_people_were_known_from_its_first_day() -> None:
    respondent = write()

    customer = Customer.objects.get()
    assert (customer.attributes, respondent.customer) == (PRO, customer)
    known = CustomerVersion.objects.values_list("known_from", "attributes")
    assert dict(known) == {dt.date(2026, 1, 1): FREE, dt.date(2026, 6, 1): PRO}
    assert MonthlyRevenue.objects.get().mrr == 9000
    assert (customer.renews_on, customer.seats) == (dt.date(2027, 1, 1), 12)
    assert respondent.created_at == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert (respondent.person.mail_key, Slot.objects.count()) == ("aya@koe.example", 2)


def test_an_answer_that_was_changed_has_two_lines_in_the_ledger() -> None:
    write(asked(answer=Answer(3, "slow", "speed", NOW - 8 * DAY, score_at_first=7)))

    response = Response.objects.get()
    assert (response.score, response.tags) == (3, "speed")
    assert response.answered_at == response.owner_told_at == NOW - 8 * DAY
    changes = response.changes.order_by("pk").values_list("at", "score_before", "score_after")
    assert list(changes) == [
        (NOW - 8 * DAY, None, 7),
        (NOW - 8 * DAY + writing.CHANGED_AFTER, 7, 3),
    ]


def test_an_answer_to_the_question_of_satisfaction_stands_under_its_key() -> None:
    write(asked(answer=Answer(9, "", "", NOW - 8 * DAY, satisfaction=4)))

    stored = organisation.SATISFACTION
    assert Response.objects.get().extra == {satisfaction_key([stored]): 4}
    assert faults([stored]) == []


def test_a_bounced_mail_was_accepted_first_and_its_person_gets_none_any_more() -> None:
    at = NOW - 9 * DAY + HOUR
    write(asked(bounced_at=at), suppressed=(SuppressionReason.BOUNCED, at, "mail of spring"))

    invitation, event = Invitation.objects.get(), DeliveryEvent.objects.get()
    assert (invitation.state, invitation.delivery_status) == ("sent", "bounced")
    assert Attempt.objects.get().outcome == "sent"
    assert (event.occurred_at, event.applied_at) == (at, at)
    assert (Suppression.objects.get().created_at, invitation.created_at) == (at, NOW - 9 * DAY)


def test_a_mail_that_is_still_to_leave_holds_its_slot_and_is_frozen_later() -> None:
    write(asked(InvitationState.QUEUED))

    invitation = Invitation.objects.get()
    assert Slot.objects.get(held_by=invitation).person == invitation.person
    assert (invitation.claimed_at, invitation.message_id, invitation.attributes) == (None, "", {})
    assert (invitation.profile, Attempt.objects.count()) == (None, 0)


def test_imported_answers_were_never_mailed_by_us() -> None:
    write(asked(reason="imported", answer=Answer(9, "", "", NOW - 8 * DAY)))

    invitation = Invitation.objects.get()
    assert (invitation.claimed_at, invitation.attempts_made, invitation.message_id) == (None, 0, "")
    assert Response.objects.get().response_id == f"app-{invitation.public_id}"
    assert Attempt.objects.count() == 0


def test_a_world_of_several_batches_is_written_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BATCH", 20)
    made = make(Sizes(customers=50, respondents=90, responses=80))
    slugs = {each.campaign.slug for each in asked_of(made)}
    campaigns = {slug: Campaign.objects.create(slug=slug, name=slug) for slug in slugs}

    assert list(writing.write_world(iter(made), campaigns=campaigns, window=Window(NOW, 24))) == [
        20,
        20,
        10,
    ]

    assert Respondent.objects.count() == len(contacts_of(made))
    stored = Invitation.objects.values_list("public_id", "state", "campaign__slug", "email")
    assert set(stored) == {
        (each.public_id, each.state, each.campaign.slug, contact.email)
        for contact in contacts_of(made)
        for each in contact.asked
    }
    assert Response.objects.count() == 80
