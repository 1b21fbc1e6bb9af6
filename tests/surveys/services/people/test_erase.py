from __future__ import annotations

from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.domain.contactability import SuppressionReason
from accounts.domain.mail_key import mail_key
from accounts.models import AuditEvent, Dimension, Import, Person, Suppression
from accounts.services import people
from accounts.services.suppression import suppress
from surveys.domain.mail.delivery import Phase
from surveys.domain.states import InvitationState
from surveys.models import Attempt, DeliveryEvent, Intent, Response, ResponseChange
from surveys.queries.delivery import balance
from surveys.sending.claims.claim import accepted, settle, settle_and_claim
from surveys.sending.events.provider_events import apply_events, record_event
from surveys.sending.mails import Mail, read_mails
from surveys.sending.not_accepted import record_outcome
from surveys.sending.transports.smtp import classify
from surveys.sending.transports.smtp_connection import Reply
from surveys.services import slots
from surveys.services.people.erase import erase_person
from tests.staffing import make_staff
from tests.world import (
    DAY,
    NOW,
    free_dates,
    make_campaign,
    make_invitation,
    make_person,
    make_respondent,
    person_for,
    queue,
    send,
)

pytestmark = pytest.mark.django_db

ADDRESS = "aya@example.com"
QUESTIONS = [
    {"key": "plan", "kind": "one", "label": {"en": "Plan"}, "choices": [
        {"value": "pro", "label": {"en": "Pro"}}]},
    {"key": "why", "kind": "text", "label": {"en": "Why"}},
]  # fmt: skip


def erase(person: Person) -> bool:
    by = make_staff("admin")
    return erase_person(person, by=by, now=NOW)


def full_story():
    """A respondent of whom every table knows something personal."""
    Dimension.objects.create(name="plan", source="respondent", attribute="plan")
    respondent = make_respondent(
        make_person(ADDRESS), name="Aya Sato", email=ADDRESS, attributes={"phone": "03-1234"}
    )
    invitation = make_invitation(
        respondent,
        make_campaign(questions=QUESTIONS),
        state=InvitationState.SENT,
        sent_at=NOW,
        attributes={"plan": "pro", "phone": "03-1234"},
    )
    Attempt.objects.create(
        invitation=invitation, number=1, email=ADDRESS, outcome="sent", reply=f"<{ADDRESS}> ok",
        started_at=NOW,
    )  # fmt: skip
    DeliveryEvent.objects.create(
        provider="x", event_id="1", kind="bounced", invitation=invitation, occurred_at=NOW,
        detail={"bounce": "hard", "recipient": ADDRESS},
    )  # fmt: skip
    response = Response.objects.create(
        invitation=invitation, score=3, comment="I am Aya Sato", note="call Aya Sato",
        extra={"plan": "pro", "why": "Aya Sato says so"}, signals={"agent": "Aya Sato"},
        answered_at=NOW, changed_at=NOW,
    )  # fmt: skip
    ResponseChange.objects.create(
        response=response, at=NOW, score_after=3, comment="I am Aya Sato", extra={"why": "Aya Sato"}
    )
    Intent.objects.create(invitation=invitation, score=3, at=NOW, signals={"agent": "Aya Sato"})
    suppress(
        respondent.person, SuppressionReason.BOUNCED, now=NOW, source=f"550 <{ADDRESS}> unknown"
    )
    return respondent


def everything_stored() -> str:
    """Every row of every table of ours, as text."""
    from django.apps import apps

    models = [
        model for app in ("accounts", "surveys") for model in apps.get_app_config(app).get_models()
    ]
    return "\n".join(str(row) for model in models for row in model._default_manager.values_list())


def test_nothing_personal_is_left_in_any_table() -> None:
    respondent = full_story()
    for personal in (ADDRESS, "Aya Sato", "03-1234"):
        assert personal in everything_stored()

    assert erase(respondent.person)

    left = everything_stored()
    for personal in (ADDRESS, "Aya", "Sato", "03-1234"):
        assert personal not in left


def test_what_comes_back_of_a_mail_that_was_under_way_leaves_nothing_personal_either() -> None:
    respondent = make_respondent(email=ADDRESS)
    row = make_invitation(respondent)
    slots.reserve({row.person_id: row.pk}, now=NOW)
    mails = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    [mail] = mails
    assert isinstance(mail, Mail)
    assert settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)
    row.refresh_from_db()

    assert erase(respondent.person)
    reply = Reply(Phase.RCPT, 550, f"5.1.1 <{ADDRESS}> unknown")
    record_outcome(mails[0], classify(reply), now=NOW)
    bounce = AnymailTrackingEvent(
        event_type="bounced",
        event_id="e1",
        message_id=row.message_id,
        metadata={"reference": row.public_id},
        recipient=ADDRESS,
        mta_response=f"550 5.1.1 {ADDRESS}",
    )
    record_event(bounce, provider="p", now=NOW)
    apply_events(now=NOW)

    assert Attempt.objects.get().outcome == "failed"
    assert DeliveryEvent.objects.filter(provider="p").exists()
    assert ADDRESS not in everything_stored()


@pytest.mark.both_databases
def test_reply_that_is_written_down_after_the_erasure_names_nobody_either() -> None:
    """An e-mail is erased between its acceptance and the settlement of its group."""
    respondent = make_respondent(email=ADDRESS)
    row = make_invitation(respondent)
    slots.reserve({row.person_id: row.pk}, now=NOW)
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    assert settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)
    taken = accepted(mail, classify(Reply(Phase.ACCEPTED, 250, f"2.1.5 <{ADDRESS}> queued")))

    assert erase(respondent.person)
    settle([taken], kind=mail.kind, at=NOW)

    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.code, attempt.reply) == ("sent", 250, "")
    assert ADDRESS not in everything_stored()


def uploaded(text: str, **fields: Any) -> Import:
    path = default_storage.save("imports/kept", ContentFile(text.encode()))
    return Import.objects.create(
        kind="respondents", file_name="people.csv", path=path, state="done", dry_run=True, **fields
    )


def test_files_that_were_uploaded_and_errors_that_quote_them_are_in_reach() -> None:
    respondent = full_story()
    mine = [4, "language", "unknown_language", {"value": f"for {ADDRESS.upper()}"}]
    named = [5, "name", "too_long", {"value": "Aya Sato, who else"}]
    other = [6, "email", "no_at", {"value": "ben"}]
    row = uploaded(f"email\n{ADDRESS}\n", errors=[mine, named, other])
    waiting = uploaded("email\nx@example.com\n")
    Import.objects.filter(pk=waiting.pk).update(state="waiting")

    erase(respondent.person)

    stored, path = Import.objects.get(pk=row.pk), row.path
    assert (stored.path, stored.errors) == ("", [other])
    assert not default_storage.exists(path)
    # What is being brought in refuses the person by itself, and goes when it ends.
    assert default_storage.exists(Import.objects.get(pk=waiting.pk).path)


def test_what_is_counted_stays() -> None:
    respondent = full_story()
    campaign = respondent.invitations.get().campaign
    link = respondent.invitations.get().public_id

    erase(respondent.person)

    invitation = respondent.invitations.get()
    assert (invitation.response.score, invitation.response.extra) == (3, {"plan": "pro"})
    assert invitation.attributes == {"plan": "pro"}
    assert invitation.delivery_events.get().detail == {"bounce": "hard"}
    assert balance(campaign).states["sent"] == 1
    assert ResponseChange.objects.get().score_after == 3
    assert Suppression.objects.active().get().reason == "bounced"
    # The links in their mails end.
    assert invitation.public_id != link


def test_slots_that_were_used_stay_used() -> None:
    person = make_person(ADDRESS)
    respondent = make_respondent(person)
    send(respondent, now=NOW - 2 * DAY)
    send(respondent, now=NOW - DAY)
    before = free_dates(person)

    erase(person)

    assert free_dates(person) == before
    assert slots.reserve({person.pk: send_nothing(respondent)}, now=NOW) == set()


def send_nothing(respondent) -> int:
    return make_invitation(respondent).pk


def test_a_queued_mail_is_cancelled_and_its_slot_as_before() -> None:
    person = make_person(ADDRESS)
    before = free_dates(person)
    invitation = queue(make_respondent(person))

    erase(person)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("cancelled", "erased")
    assert invitation.settled_at == NOW
    assert free_dates(person) == before
    assert not person.slots.filter(held_by__isnull=False).exists()


def test_a_waiting_reminder_is_cancelled() -> None:
    respondent = make_respondent()
    invitation = make_invitation(respondent, state="sent", reminder_state="queued")

    erase(respondent.person)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.reminder_state) == ("sent", "cancelled")


def test_the_address_finds_the_erased_person_and_the_opt_out_again() -> None:
    person = make_person(ADDRESS)
    suppress(person, SuppressionReason.OPTED_OUT, now=NOW)

    erase(person)

    found = person_for("Aya+news@Example.com")
    assert found.pk == person.pk
    assert Suppression.objects.active().filter(person=found).exists()
    assert people.erased_persons([mail_key(ADDRESS)]) == {mail_key(ADDRESS): person.pk}


def test_persons_merged_into_one_are_erased_together() -> None:
    kept, gone = make_person(ADDRESS), make_person("second@example.com")
    respondent = make_respondent(gone, name="Aya", email="second@example.com")
    slots.merge_persons(kept, gone, now=NOW, by=None)
    gone.refresh_from_db()

    erase(gone)

    assert Person.objects.filter(erased_at=NOW).count() == 2
    respondent.refresh_from_db()
    assert (respondent.name, respondent.email) == ("", "")
    assert person_for("second@example.com").pk == kept.pk


def test_other_persons_keep_everything() -> None:
    other = make_respondent(name="Ben", email="ben@example.com")
    person = make_person(ADDRESS)

    erase(person)

    other.refresh_from_db()
    assert (other.name, other.email) == ("Ben", "ben@example.com")


def test_erasing_is_on_record_once_and_without_the_address() -> None:
    person = make_person(ADDRESS)
    by = make_staff("admin")

    assert erase_person(person, by=by, now=NOW)
    person.refresh_from_db()
    assert not erase_person(person, by=by, now=NOW + DAY)

    event = AuditEvent.objects.get(action="person.erase")
    assert (event.actor, event.target, event.detail) == (by, f"person {person.pk}", {})
    person.refresh_from_db()
    assert person.erased_at == NOW
