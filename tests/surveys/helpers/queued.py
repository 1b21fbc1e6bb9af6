"""Invitations that wait with their slots, sent as a batch or claimed one by one."""

from __future__ import annotations

import datetime as dt

from surveys.domain.mail.delivery import AttemptOutcome, Phase, Verdict
from surveys.models import Attempt, Campaign, Invitation, Slot
from surveys.sending import recovery
from surveys.sending.batch import send_batch
from surveys.sending.claims import claim
from surveys.sending.claims.claim import Accepted
from surveys.sending.mails import Mail, read_mails
from surveys.sending.transports.base import Result
from surveys.services import slots
from tests.world import NOW, make_campaign, make_invitation, make_respondent

MINUTE = dt.timedelta(minutes=1)


def queued(number: int = 1, **fields) -> list[Invitation]:
    """Invitations of one running campaign, each holding a slot."""
    campaign = fields.pop("campaign", None) or make_campaign()
    rows = []
    for _ in range(number):
        respondent = make_respondent(customer=fields.get("customer"), name="Alex")
        rows.append(make_invitation(respondent, campaign))
        slots.reserve({rows[-1].person_id: rows[-1].pk}, now=NOW)
    return rows


def in_queue(campaign: Campaign | None = None, **fields) -> Invitation:
    """One, of whatever state, with a slot."""
    row = make_invitation(make_respondent(), campaign, **fields)
    slots.reserve({row.person_id: row.pk}, now=NOW)
    return row


def send(rows: list[Invitation], *, now: dt.datetime = NOW, **options):
    counts = send_batch([row.pk for row in rows], clock=lambda: now, **options)
    for row in rows:
        row.refresh_from_db()
    return dict(+counts)


def slot_of(row: Invitation) -> Slot | None:
    """The slot it holds, else the one that is busy longest."""
    mine = Slot.objects.filter(held_by=row).first()
    return mine or Slot.objects.filter(person=row.person_id).order_by("-free_at").first()


def before_the_turn_of(row: Invitation, monkeypatch, happens) -> None:
    """After the batch was read, while the e-mails before this one are sent."""
    real = claim.begin

    def beginning(mail, **rest):
        if mail.invitation_id == row.pk:
            happens()
        return real(mail, **rest)

    monkeypatch.setattr(claim, "begin", beginning)


def mail_ready() -> tuple[Invitation, Mail]:
    [row] = queued()
    return row, _read(row, Attempt.Kind.SURVEY)


def to_remind(row: Invitation) -> Mail:
    """Its survey was sent, and the reminder is due now."""
    Invitation.objects.filter(pk=row.pk).update(
        state="sent", sent_at=NOW, reminder_state="queued", reminder_send_at=NOW
    )
    return _read(row, Attempt.Kind.REMINDER)


def _read(row: Invitation, kind: Attempt.Kind) -> Mail:
    [mail] = read_mails([row.pk], kind=kind, now=NOW)
    assert isinstance(mail, Mail)
    mail.domains = (mail.domain, "")
    return mail


def accepted(mail: Mail) -> Accepted:
    verdict = Verdict(AttemptOutcome.SENT, "")
    return claim.accepted(mail, Result(Phase.ACCEPTED, 250, "ok", verdict))


def claimed(mail: Mail, *, now: dt.datetime = NOW) -> bool:
    """Whether it may go: it was claimed, and began; else it is given back."""
    if not claim.settle_and_claim([], [mail], kind=mail.kind, sender="w", at=now):
        return False
    if claim.begin(mail, sender="w", now=now):
        return True
    recovery.give_back([mail.invitation_id], kind=mail.kind, sender="w")
    return False
