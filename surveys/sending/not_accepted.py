"""What becomes of a mail that was not simply accepted: retry, failed, unknown, put off."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from functools import partial

from django.db import transaction
from django.db.models import Min

from accounts.models import Person
from common.resilience.retry import retry
from surveys.domain.frequency import window_after
from surveys.domain.mail.bounces import BounceKind
from surveys.domain.mail.delivery import AttemptOutcome
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CLAIMABLE, InvitationState
from surveys.domain.timing import retry_at
from surveys.domain.transitions import came_from
from surveys.models import Attempt, DeliveryEvent, Invitation, Slot
from surveys.queries.calendar.calendars import Hours, SendTime
from surveys.sending.breakers.campaigns import check_campaign, halt
from surveys.sending.events.history import judge
from surveys.sending.mails import Mail
from surveys.sending.transports.base import Result
from surveys.services import slots


def record_outcome(mail: Mail, result: Result, *, now: dt.datetime) -> None:
    """Write down a mail that was not accepted or is in doubt, and all that follows from it."""
    if Person.objects.filter(pk=mail.person_id, erased_at__isnull=False).exists():
        # Erased while it was on its way: what the server says of it names the address.
        result = replace(result, text="")
    verdict = result.verdict
    outcome = retry(partial(_write, mail, result, now=now))
    if verdict.bounce is not None and outcome is AttemptOutcome.FAILED:
        _note_refusal(mail, bounce=verdict.bounce, result=result, now=now)
        judge(Invitation.objects.select_related("campaign").get(pk=mail.invitation_id), now=now)
        check_campaign(mail.campaign.pk, now=now)
    if verdict.stop_campaign:
        halt(mail.campaign.pk, now=now, reason=f"{result.code} {result.text}")


def _write(mail: Mail, result: Result, *, now: dt.datetime) -> AttemptOutcome:
    verdict, again = result.verdict, None
    outcome = verdict.outcome
    if outcome is AttemptOutcome.RETRY:
        again = _next_try(mail, now=now)
        outcome = AttemptOutcome.RETRY if again else AttemptOutcome.FAILED
    reason = verdict.reason if verdict.outcome is outcome else InvitationReason.GAVE_UP
    with transaction.atomic():
        Attempt.objects.filter(
            invitation=mail.invitation_id, kind=mail.kind, number=mail.number
        ).update(
            phase=result.phase,
            code=result.code,
            reply=result.text,
            outcome=verdict.outcome,
            ended_at=now,
        )
        if mail.kind is Attempt.Kind.REMINDER:
            _write_reminder(mail, outcome=outcome, again=again, now=now)
        else:
            _write_survey(mail, outcome=outcome, reason=reason, again=again, now=now)
    return outcome


def _write_survey(
    mail: Mail, *, outcome: AttemptOutcome, reason: str, again: SendTime | None, now: dt.datetime
) -> None:
    pk = mail.invitation_id
    rows = Invitation.objects.filter(
        pk=pk, attempts_made=mail.number, state__in=came_from(InvitationState(outcome))
    )
    if outcome is AttemptOutcome.RETRY:
        at, by = again or (None, None)
        if rows.update(state=outcome, reason=reason, send_at=at, send_by=by, dispatched_at=None):
            slots.unanchor([pk])
    elif outcome is AttemptOutcome.FAILED:
        if rows.update(state=outcome, reason=reason, settled_at=now):
            slots.release([pk])
    elif rows.update(state=outcome, reason=reason, sent_at=now, settled_at=now):
        spent = Slot.objects.filter(held_by=pk).update(**slots.spent(window_after(now)))
        slots.occupy_after_merge([] if spent else [pk], sent_at=now)


def _write_reminder(
    mail: Mail, *, outcome: AttemptOutcome, again: SendTime | None, now: dt.datetime
) -> None:
    mine = Invitation.objects.filter(
        pk=mail.invitation_id, reminder_state__in=came_from(InvitationState(outcome))
    )
    if outcome is AttemptOutcome.RETRY:
        at, by = again or (None, None)
        mine.update(
            reminder_state=outcome, reminder_send_at=at, reminder_send_by=by, dispatched_at=None
        )
    elif outcome is AttemptOutcome.UNKNOWN:
        mine.update(reminder_state=outcome, reminded_at=now)
    else:
        mine.update(reminder_state=outcome)


def _next_try(mail: Mail, *, now: dt.datetime) -> SendTime | None:
    attempts = Attempt.objects.filter(invitation=mail.invitation_id, kind=mail.kind)
    first = attempts.aggregate(first=Min("started_at"))["first"] or now
    fraction = random.random()  # noqa: S311 - spreads retries, keeps no secret
    again = retry_at(mail.number, now=now, first_attempt_at=first, fraction=fraction)
    if again is None:
        return None
    return _in_hours(mail, again)


def _in_hours(mail: Mail, moment: dt.datetime) -> SendTime:
    """The moment, or the next that the campaign's hours allow where the respondent lives."""
    row = Invitation.objects.select_related("campaign", "respondent").get(pk=mail.invitation_id)
    return Hours(row.campaign).from_then(moment, row.respondent.time_zone)


def _note_refusal(mail: Mail, *, bounce: BounceKind, result: Result, now: dt.datetime) -> None:
    """Refusals count beside bounces; their kind changes no delivery status."""
    DeliveryEvent.objects.get_or_create(
        provider="smtp",
        event_id=f"{mail.invitation_id}-{mail.kind}-{mail.number}",
        defaults={
            "kind": "refused",
            "invitation_id": mail.invitation_id,
            "occurred_at": now,
            "detail": {"bounce": bounce, "code": result.code, "reply": result.text},
        },
    )


def put_off(mail: Mail, *, until: dt.datetime) -> None:
    """Its domain takes no mail now: come back later instead of in front of all others."""
    rows = Invitation.objects.filter(pk=mail.invitation_id)
    at, by = _in_hours(mail, until)
    if mail.kind is Attempt.Kind.REMINDER:
        early = rows.filter(reminder_state__in=CLAIMABLE, reminder_send_at__lt=until)
        early.update(reminder_send_at=at, reminder_send_by=by, dispatched_at=None)
    else:
        early = rows.filter(state__in=CLAIMABLE, send_at__lt=until)
        early.update(send_at=at, send_by=by, dispatched_at=None)
