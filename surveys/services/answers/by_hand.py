"""Answers that staff enter: the customer gave them by phone or in a talk.

They use up one of the person's slots at the moment of the answer, by the rule and the update by
which planning reserves one; where none was free, nothing is written.
"""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.domain.access.audit import AuditAction
from accounts.models import Person, Respondent, StaffUser
from accounts.queries.merges import kept_ids, members_of
from accounts.services.access.audit import record_event
from accounts.services.segments import current_attributes, profile_ids
from common.resilience.retry import in_transaction
from surveys.domain.answers.by_hand import moment_on
from surveys.domain.frequency import has_room, window_after
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import COUNTED, CampaignState, InvitationState
from surveys.models import Invitation, Response, Slot
from surveys.models.invitations import ASKED_AT
from surveys.services import slots
from surveys.services.answers.import_campaigns import campaign_for
from surveys.services.answers.receive import change_of, write_ledger

SLUG = "entered-by-hand"


class NoFreeSlot(Exception):
    """The cap does not let the person be asked on that day."""


class Erased(Exception):
    """The person has asked to be forgotten."""


class SavedBefore(Exception):
    """The same form was saved before, with something else in it."""


@dataclass(frozen=True, slots=True)
class Entered:
    score: int
    comment: str
    language: str
    day: dt.date
    # What the form was given when it was opened: sent twice, it is one answer.
    ref: uuid.UUID

    @property
    def public_id(self) -> str:
        return base64.urlsafe_b64encode(self.ref.bytes).decode().rstrip("=")


def enter_answer(
    respondent: Respondent, entered: Entered, *, by: StaffUser, now: dt.datetime
) -> Response:
    """By the database's clock. Raises NoFreeSlot, Erased or SavedBefore."""
    return in_transaction(partial(_enter, respondent, entered, by=by, now=now))


def _enter(
    respondent: Respondent, entered: Entered, *, by: StaffUser, now: dt.datetime
) -> Response:
    zone = ZoneInfo(settings.TIME_ZONE)
    at = moment_on(entered.day, now=now, zone=zone)
    person = kept_ids([respondent.person_id])[respondent.person_id]
    # Locked as by an erasure, after which nothing of the person is written any more.
    if not Person.objects.select_for_update().filter(pk=person, erased_at__isnull=True):
        raise Erased
    respondent.refresh_from_db()
    invitation, is_new = _invitation(respondent, person, entered, at=at, now=now)
    if not is_new:
        return _saved_before(invitation, respondent, entered, zone=zone)
    _use_slot(invitation, at=at)
    response = _answer(invitation, entered, at=at, by=by, now=now)
    record_event(
        AuditAction.ANSWER_ENTER,
        actor=by, now=now, target=respondent.customer or "", response=response.pk,
        score=entered.score, day=entered.day.isoformat(),
    )  # fmt: skip
    return response


def _saved_before(
    invitation: Invitation, respondent: Respondent, entered: Entered, *, zone: ZoneInfo
) -> Response:
    found = Response.objects.filter(
        invitation=invitation,
        invitation__reason=InvitationReason.ENTERED,
        invitation__respondent=respondent,
        score=entered.score,
        comment=entered.comment,
        language=entered.language,
    ).first()
    if found is None or found.answered_at.astimezone(zone).date() != entered.day:
        raise SavedBefore
    return found


def _invitation(
    respondent: Respondent, person: int, entered: Entered, *, at: dt.datetime, now: dt.datetime
) -> tuple[Invitation, bool]:
    """`person`: who the respondent turned out to be. `sent_at` stays empty: no e-mail was sent."""
    known = current_attributes([respondent], day=entered.day)
    frozen = [{**each, "language": entered.language} for each in known]
    return Invitation.objects.get_or_create(
        public_id=entered.public_id,
        defaults={
            "campaign": campaign_for(
                SLUG, name="Entered by hand", state=CampaignState.ENTERED, now=now
            ),
            "respondent": respondent,
            "person_id": person,
            "state": InvitationState.SENT,
            "reason": InvitationReason.ENTERED,
            "claimed_at": at,
            "settled_at": now,
            "email": respondent.email,
            "language": entered.language,
            "attributes": frozen[0],
            "profile_id": profile_ids(frozen)[0],
        },
    )


def _use_slot(invitation: Invitation, *, at: dt.datetime) -> None:
    slots.ensure_slots([invitation.person_id])
    if not slots.reserve({invitation.person_id: invitation.pk}, now=at):
        raise NoFreeSlot
    family = Invitation.objects.filter(person__in=members_of([invitation.person_id]))
    counted = family.filter(state__in=COUNTED).exclude(pk=invitation.pk).annotate(asked_at=ASKED_AT)
    moments = counted.filter(asked_at__isnull=False).values_list("asked_at", flat=True)
    if not has_room(moments, at=at, limit=settings.SURVEYS_PER_YEAR):
        raise NoFreeSlot
    held = slots.to_be_used(Slot.objects.filter(held_by=invitation), now=at)
    held.update(**slots.spent(window_after(at)))


def _answer(
    invitation: Invitation, entered: Entered, *, at: dt.datetime, by: StaffUser, now: dt.datetime
) -> Response:
    customer = invitation.respondent.customer
    is_owner = customer is not None and customer.owner_email.casefold() == by.email.casefold()
    response = Response.objects.create(
        invitation=invitation,
        score=entered.score,
        comment=entered.comment,
        language=entered.language,
        answered_at=at,
        changed_at=now,
        # Who wrote it down need not be told of it.
        owner_told_at=now if is_owner else None,
    )
    write_ledger([change_of(response, before=None, at=now)])
    return response
