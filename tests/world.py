"""Rows that the tests of planning and of the cap need, made in one line each."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.db import transaction

from accounts.domain.mail_key import mail_key
from accounts.models import Customer, Person, Respondent
from accounts.services.people import persons_for
from surveys.domain.frequency import window_after
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Campaign, Invitation, Response, Slot
from surveys.queries.answers.by_link import hold_invitation
from surveys.services import slots
from surveys.services.answers.receive import record_response

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
WINDOW = dt.timedelta(hours=8760)

_numbers = itertools.count(1)


def make_customer(**fields: Any) -> Customer:
    return Customer.objects.create(customer_id=f"c{next(_numbers)}", **fields)


def make_person(key: str = "") -> Person:
    person = Person.objects.create(mail_key=key or f"p{next(_numbers)}@example.com")
    slots.ensure_slots([person.pk])
    return person


def person_for(address: str) -> Person:
    """The person behind an address, made where we did not know them."""
    key = mail_key(address)
    return Person.objects.get(pk=persons_for([key])[key])


def make_respondent(person: Person | None = None, **fields: Any) -> Respondent:
    person = person or make_person()
    fields.setdefault("customer", None)
    fields["customer"] = fields["customer"] or make_customer()
    fields.setdefault("email", person.mail_key)
    fields.setdefault("language", "en")
    return Respondent.objects.create(person=person, **fields)


def make_campaign(**fields: Any) -> Campaign:
    slug = f"campaign-{next(_numbers)}"
    fields = {"state": CampaignState.RUNNING, "starts_at": NOW - 3 * WINDOW} | fields
    return Campaign.objects.create(slug=slug, **{"name": slug, **fields})


def make_invitation(
    respondent: Respondent, campaign: Campaign | None = None, **fields: Any
) -> Invitation:
    return Invitation.objects.create(
        campaign=campaign or make_campaign(),
        respondent=respondent,
        person_id=respondent.person_id,
        email=respondent.email,
        language=respondent.language,
        **{"send_at": NOW, **fields},
    )


def queue(respondent: Respondent, *, now: dt.datetime = NOW) -> Invitation | None:
    """An invitation that holds a slot, or nothing where the cap allows none."""
    invitation = make_invitation(respondent, make_campaign(state=CampaignState.FINISHED))
    if slots.reserve({invitation.person_id: invitation.pk}, now=now):
        return invitation
    invitation.delete()
    return None


def anchor(invitation: Invitation, *, now: dt.datetime) -> int:
    """What the claim does to the slot."""
    held = slots.to_be_used(Slot.objects.filter(held_by=invitation), now=now)
    return held.update(**slots.used(window_after(now)))


def settle(invitation: Invitation) -> int:
    """Sent or unknown: the slot stays busy until its date, and nobody holds it."""
    return Slot.objects.filter(held_by=invitation).update(held_by=None)


def claim(invitation: Invitation, *, now: dt.datetime) -> bool:
    """What sending does to the slot and the state when it takes a mail."""
    if anchor(invitation, now=now) != 1:
        return False
    Invitation.objects.filter(pk=invitation.pk).update(
        state=InvitationState.SENDING, claimed_at=now, sent_at=now
    )
    return True


def finish(invitation: Invitation, state: InvitationState, *, now: dt.datetime) -> None:
    """What sending does once it knows how the mail fared."""
    sent = {} if state in (InvitationState.SENT, InvitationState.UNKNOWN) else {"sent_at": None}
    Invitation.objects.filter(pk=invitation.pk).update(state=state, settled_at=now, **sent)
    if sent:
        slots.release([invitation.pk])
    else:
        settle(invitation)


def send(respondent: Respondent, *, now: dt.datetime) -> Invitation | None:
    """Asked from start to end: reserved, claimed and sent at one moment."""
    invitation = queue(respondent, now=now)
    if invitation is not None:
        assert claim(invitation, now=now)
        finish(invitation, InvitationState.SENT, now=now)
    return invitation


def answer(
    invitation: Invitation, score: int, *, at: dt.datetime = NOW, comment: str = ""
) -> Response:
    """As the answer page records it."""
    with transaction.atomic():
        found = hold_invitation(invitation.public_id)
        assert found is not None
        return record_response(found, score=score, comment=comment, now=at)


def free_dates(person: Person) -> list[dt.datetime]:
    return sorted(Slot.objects.filter(person=person).values_list("free_at", flat=True))


class Clock:
    """Seconds that pass only where a test lets them."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now
