"""Invitations that wait with their slots, sent as a batch or claimed one by one."""

from __future__ import annotations

import datetime as dt

from surveys.models import Attempt, Invitation, Slot
from surveys.sending import claim, recovery
from surveys.sending.batch import send_batch
from surveys.sending.mails import Mail, read_mails
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
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    mail.domains = (mail.domain, "")
    return row, mail


def claimed(mail: Mail, *, now: dt.datetime = NOW) -> bool:
    """Whether it may go: it was claimed, and began; else it is given back."""
    if not claim.settle_and_claim([], [mail], kind=mail.kind, sender="w", at=now):
        return False
    if claim.begin(mail, sender="w", now=now):
        return True
    recovery.give_back([mail.invitation_id], kind=mail.kind, sender="w")
    return False
