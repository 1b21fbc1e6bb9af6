"""A demo world into the database, many companies at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise

from django.db.models import F

from accounts.domain.mail_key import mail_key
from accounts.models import (
    Customer,
    CustomerVersion,
    Person,
    Respondent,
    Suppression,
)
from accounts.services.segments import profile_ids
from surveys.demo.companies import Window
from surveys.demo.facts.told import Told
from surveys.demo.facts.writing import write_facts
from surveys.demo.organisation import SATISFACTION
from surveys.demo.shape import Answer, Asked, Company, Contact
from surveys.domain.answers.scoring import DETRACTOR_MAX
from surveys.domain.mail.delivery import AttemptOutcome, Phase
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import DeliveryStatus, InvitationState
from surveys.models import (
    Attempt,
    Campaign,
    DeliveryEvent,
    Invitation,
    Response,
    ResponseChange,
    Slot,
)
from surveys.sending import first_message_id

BATCH = 300
ROWS = 2000
CHANGED_AFTER = dt.timedelta(minutes=40)
Place = tuple[Contact, Respondent]


def write_world(
    world: Iterator[tuple[Company, list[Contact]]],
    *,
    campaigns: Mapping[str, Campaign],
    window: Window,
) -> Iterator[int]:
    """Yields how many companies went in with each batch."""
    while batch := list(islice(world, BATCH)):
        told = [Told(company, window) for company, _ in batch]
        customers = _write_customers(told)
        write_facts(list(zip(customers, told, strict=True)))
        places = _write_people(batch, customers=customers)
        _write_history(places, campaigns=campaigns)
        _date_back(customers)
        yield len(batch)


def _date_back(customers: Sequence[Customer]) -> None:
    """A new row bears the date on which it is made; these are to bear those of their story."""
    known_since = min(each.started_on for each in customers if each.started_on)
    midnight = dt.datetime.combine(known_since, dt.time(), tzinfo=dt.UTC)
    Customer.objects.filter(pk__in=[each.pk for each in customers]).update(created_at=midnight)
    Respondent.objects.filter(customer__in=customers).update(created_at=midnight)
    claimed = Invitation.objects.filter(
        respondent__customer__in=customers, claimed_at__isnull=False
    )
    claimed.update(created_at=F("claimed_at"))


def _write_customers(told: Sequence[Told]) -> list[Customer]:
    customers = Customer.objects.bulk_create(map(_customer, told))
    CustomerVersion.objects.bulk_create(
        (
            CustomerVersion(customer=customer, known_from=since, attributes=attributes)
            for customer, each in zip(customers, told, strict=True)
            for since, attributes in each.company.versions
        ),
        batch_size=ROWS,
    )
    return customers


def _customer(told: Told) -> Customer:
    company, terms, (reason, note) = told.company, told.terms[-1], told.why_it_left
    return Customer(
        customer_id=company.customer_id,
        name=company.name,
        started_on=company.started_on,
        churned_on=company.churned_on,
        owner_email=company.owner_email,
        renews_on=terms.renews_on,
        seats=terms.seats,
        churn_reason=reason,
        churn_note=note,
        attributes=company.attributes,
    )


def _write_people(
    batch: Sequence[tuple[Company, list[Contact]]], *, customers: Sequence[Customer]
) -> list[Place]:
    pairs = [
        (contact, customer)
        for (_, contacts), customer in zip(batch, customers, strict=True)
        for contact in contacts
    ]
    persons = Person.objects.bulk_create(Person(mail_key=mail_key(each.email)) for each, _ in pairs)
    respondents = Respondent.objects.bulk_create(
        Respondent(
            person=person,
            customer=customer,
            email=contact.email,
            name=contact.name,
            role=contact.role,
            language=contact.language,
            time_zone=contact.time_zone,
        )
        for (contact, customer), person in zip(pairs, persons, strict=True)
    )
    Suppression.objects.bulk_create(
        Suppression(person=person, reason=reason, created_at=at, source=source)
        for (contact, _), person in zip(pairs, persons, strict=True)
        if contact.suppressed
        for reason, at, source in [contact.suppressed]
    )
    return [(contact, row) for (contact, _), row in zip(pairs, respondents, strict=True)]


def _write_history(places: Sequence[Place], *, campaigns: Mapping[str, Campaign]) -> None:
    asked = [(each, row) for contact, row in places for each in contact.asked]
    profiles = profile_ids([each.attributes for each, _ in asked])
    invitations = Invitation.objects.bulk_create(
        (
            _invitation(
                each, respondent=row, campaign=campaigns[each.campaign.slug], profile=profile
            )
            for (each, row), profile in zip(asked, profiles, strict=True)
        ),
        batch_size=ROWS,
    )
    made = [(each, invitation) for (each, _), invitation in zip(asked, invitations, strict=True)]
    _write_slots(
        places, invitations={(row.person_id, row.campaign.slug): row for row in invitations}
    )
    own = [(each, row) for each, row in made if each.reason != InvitationReason.IMPORTED]
    Attempt.objects.bulk_create(
        filter(None, (_attempt(each, row=row) for each, row in own)), batch_size=ROWS
    )
    DeliveryEvent.objects.bulk_create(
        _bounce(each, row=row) for each, row in own if each.bounced_at
    )
    _write_answers(made)


def _invitation(
    asked: Asked, *, respondent: Respondent, campaign: Campaign, profile: int
) -> Invitation:
    is_open = asked.state is InvitationState.QUEUED
    imported = asked.reason == InvitationReason.IMPORTED
    row = Invitation(
        campaign=campaign,
        respondent=respondent,
        person_id=respondent.person_id,
        public_id=asked.public_id,
        state=asked.state,
        reason=asked.reason,
        send_at=None if imported else asked.send_at,
        claimed_at=None if is_open or imported else asked.send_at,
        sent_at=asked.sent_at,
        settled_at=None if is_open else asked.send_at,
        attempts_made=0 if is_open or imported else 1,
        email=respondent.email,
        language=asked.language,
        delivery_status=DeliveryStatus.BOUNCED if asked.bounced_at else "",
        # Frozen when sent; what still waits is frozen then.
        attributes={} if is_open else asked.attributes,
        profile_id=None if is_open else profile,
        reminder_state=InvitationState.SENT if asked.reminded_at else "",
        reminder_send_at=asked.reminded_at,
        reminded_at=asked.reminded_at,
    )
    row.message_id = "" if is_open or imported else first_message_id(row.public_id)
    return row


def _write_slots(
    places: Iterable[Place], *, invitations: Mapping[tuple[int, str], Invitation]
) -> None:
    rows = []
    for contact, respondent in places:
        for number, slot in enumerate(contact.slots):
            holder = str(slot.held_by) if slot.held_by else None
            rows.append(
                Slot(
                    person_id=respondent.person_id,
                    number=number,
                    free_at=slot.free_at,
                    prev_free_at=slot.prev_free_at,
                    held_by=invitations[respondent.person_id, holder] if holder else None,
                )
            )
    Slot.objects.bulk_create(rows, batch_size=ROWS)


_ENDED = {
    InvitationState.SENT: (Phase.ACCEPTED, 250, "2.0.0 Ok", AttemptOutcome.SENT),
    InvitationState.FAILED: (Phase.RCPT, 550, "5.1.1 No such user here", AttemptOutcome.FAILED),
    InvitationState.UNKNOWN: (Phase.DOT_WRITTEN, None, "", AttemptOutcome.UNKNOWN),
}


def _attempt(asked: Asked, *, row: Invitation) -> Attempt | None:
    if asked.state not in _ENDED:
        return None
    phase, code, reply, outcome = _ENDED[asked.state]
    return Attempt(
        invitation=row,
        number=1,
        email=row.email,
        worker="demo",
        phase=phase,
        code=code,
        reply=reply,
        outcome=outcome,
        started_at=asked.send_at,
        ended_at=asked.send_at + dt.timedelta(seconds=1),
    )


def _bounce(asked: Asked, *, row: Invitation) -> DeliveryEvent:
    assert asked.bounced_at is not None  # noqa: S101 - only bounced ones come here
    return DeliveryEvent(
        provider="demo",
        event_id=asked.public_id,
        kind=DeliveryStatus.BOUNCED,
        invitation=row,
        occurred_at=asked.bounced_at,
        applied_at=asked.bounced_at,
        detail={"bounce": "hard", "text": "5.1.1 No such user here"},
    )


def _write_answers(made: Iterable[tuple[Asked, Invitation]]) -> None:
    answered = [(each.answer, row) for each, row in made if each.answer]
    responses = Response.objects.bulk_create(
        (_response(answer, row=row) for answer, row in answered), batch_size=ROWS
    )
    pairs = zip((answer for answer, _ in answered), responses, strict=True)
    changes = (change for answer, row in pairs for change in _changes(answer, response=row))
    ResponseChange.objects.bulk_create(changes, batch_size=ROWS)


def _response(answer: Answer, *, row: Invitation) -> Response:
    changed = answer.score_at_first is not None
    unhappy = answer.score <= DETRACTOR_MAX
    return Response(
        invitation=row,
        score=answer.score,
        extra=_extra(answer),
        comment=answer.comment,
        language=row.language,
        answered_at=answer.at,
        changed_at=answer.at + CHANGED_AFTER if changed else answer.at,
        # The owner was told in due time: nothing of this is news.
        owner_told_at=answer.at if unhappy else None,
        tags=answer.theme if unhappy else "",
        response_id=f"app-{row.public_id}" if row.reason == InvitationReason.IMPORTED else None,
    )


def _extra(answer: Answer) -> dict[str, int]:
    return {} if answer.satisfaction is None else {SATISFACTION["key"]: answer.satisfaction}


def _changes(answer: Answer, *, response: Response) -> Iterator[ResponseChange]:
    scores = [None, answer.score_at_first, answer.score]
    if answer.score_at_first is None:
        del scores[1]
    for number, (before, after) in enumerate(pairwise(scores)):
        yield ResponseChange(
            response=response,
            at=response.changed_at if number else answer.at,
            score_before=before,
            score_after=after,
            comment=answer.comment,
        )
