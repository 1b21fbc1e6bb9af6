"""What happened between us and a person, from the rows that recorded it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Suppression
from surveys.domain.reasons import WITHOUT_MAIL
from surveys.domain.states import CLAIMABLE, DeliveryStatus, InvitationState
from surveys.domain.timeline import Kind
from surveys.domain.transitions import EVENT_STATUS
from surveys.models import Attempt, Campaign, Invitation, Response


@dataclass(frozen=True)
class Moment:
    at: dt.datetime
    kind: Kind
    campaign: Campaign | None = None
    reason: str = ""
    """Why nothing was sent: see `domain/reasons.py`."""
    detail: str = ""
    due_at: dt.datetime | None = None
    response: Response | None = None
    score: int | None = None


def timeline(
    invitations: Iterable[Invitation], suppressions: Iterable[Suppression]
) -> list[Moment]:
    """Newest first."""
    moments = [moment for each in invitations for moment in _of_invitation(each)]
    moments += [moment for each in suppressions for moment in _of_suppression(each)]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _of_invitation(invitation: Invitation) -> Iterator[Moment]:
    campaign = invitation.campaign
    if invitation.reason not in WITHOUT_MAIL:
        waiting = invitation.state in CLAIMABLE
        due = invitation.send_at if waiting else None
        yield Moment(invitation.created_at, Kind.PLANNED, campaign, due_at=due)
    attempts = list(invitation.attempts.all())
    yield from (_of_attempt(each, campaign) for each in attempts)
    # Imported history has no attempts, only when it was asked.
    if invitation.sent_at and not attempts:
        yield Moment(invitation.sent_at, Kind.SENT, campaign)
    ended = {InvitationState.CANCELLED: Kind.CANCELLED, InvitationState.SKIPPED: Kind.SKIPPED}
    if invitation.state in ended and invitation.settled_at:
        kind = ended[InvitationState(invitation.state)]
        yield Moment(invitation.settled_at, kind, campaign, reason=invitation.reason)
    for event in invitation.delivery_events.all():
        status = EVENT_STATUS.get(event.kind)
        if status is not None:
            yield Moment(event.occurred_at, _of_status(status), campaign)
    yield from _of_answer(invitation)


def _of_attempt(attempt: Attempt, campaign: Campaign) -> Moment:
    kind = Kind(attempt.outcome) if attempt.outcome in set(Kind) else Kind.SENDING
    if kind is Kind.SENT and attempt.kind == Attempt.Kind.REMINDER:
        kind = Kind.REMINDED
    said = f"{attempt.code} {attempt.reply}" if attempt.code else attempt.reply
    detail = "" if kind in {Kind.SENT, Kind.REMINDED} else said
    return Moment(attempt.ended_at or attempt.started_at, kind, campaign, detail=detail)


def _of_status(status: DeliveryStatus) -> Kind:
    return Kind(status.value)


def _of_answer(invitation: Invitation) -> Iterator[Moment]:
    campaign = invitation.campaign
    response = getattr(invitation, "response", None)
    intent = getattr(invitation, "intent", None)
    if response is None:
        if intent is not None:
            yield Moment(intent.at, Kind.INTENT, campaign, score=intent.score)
        return
    changes = list(response.changes.all())
    first = changes[0].score_after if changes else response.score
    yield Moment(response.answered_at, Kind.ANSWERED, campaign, response=response, score=first)
    for change in changes[1:]:
        yield Moment(change.at, Kind.CHANGED, campaign, response=response, score=change.score_after)


def _of_suppression(suppression: Suppression) -> Iterator[Moment]:
    label = str(suppression.get_reason_display())
    yield Moment(suppression.created_at, Kind.STOPPED, detail=label)
    if suppression.lifted_at:
        note = f"{label}: {suppression.note}" if suppression.note else label
        yield Moment(suppression.lifted_at, Kind.LIFTED, detail=note)
