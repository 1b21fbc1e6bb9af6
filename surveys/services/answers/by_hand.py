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

from accounts.domain.audit import AuditAction
from accounts.models import Respondent, StaffUser
from accounts.queries.merges import kept_ids
from accounts.services.audit import record_event
from accounts.services.segments import current_attributes, profile_ids
from common.retry import in_transaction
from surveys.domain.answers.by_hand import moment_on
from surveys.domain.frequency import window_after
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Invitation, Response, ResponseChange, Slot
from surveys.services import slots
from surveys.services.answers.import_campaigns import campaign_for

SLUG = "entered-by-hand"


class NoFreeSlot(Exception):
    """The cap does not let the person be asked on that day."""


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
    """By the database's clock. A NoFreeSlot."""
    return in_transaction(partial(_enter, respondent, entered, by=by, now=now))


def _enter(
    respondent: Respondent, entered: Entered, *, by: StaffUser, now: dt.datetime
) -> Response:
    at = moment_on(entered.day, now=now, zone=ZoneInfo(settings.TIME_ZONE))
    invitation, is_new = _invitation(respondent, entered, at=at, now=now)
    if not is_new:
        return Response.objects.get(invitation=invitation)
    _use_slot(invitation, at=at)
    response = _answer(invitation, entered, at=at, by=by, now=now)
    record_event(
        AuditAction.ANSWER_ENTER,
        actor=by, now=now, target=respondent.customer or "", response=response.pk,
        score=entered.score, day=entered.day.isoformat(),
    )  # fmt: skip
    return response


def _invitation(
    respondent: Respondent, entered: Entered, *, at: dt.datetime, now: dt.datetime
) -> tuple[Invitation, bool]:
    """Of whoever the person turned out to be; `sent_at` stays empty, since no e-mail was sent."""
    person = kept_ids([respondent.person_id])[respondent.person_id]
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
    ResponseChange.objects.create(
        response=response, at=now, score_after=entered.score, comment=entered.comment
    )
    return response
