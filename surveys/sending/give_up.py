"""Giving a mail up: it may have gone out, and nobody is left who knows."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction

from surveys.domain.frequency import window_after
from surveys.domain.mail.delivery import Outcome
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import InvitationState
from surveys.models import Attempt, Invitation, Slot
from surveys.sending.claim import persistently

# It was accepted at some time since the claim, if at all, or will be when a machine wakes up that
# slept between its last look and the final dot.
MAY_STILL_GO = dt.timedelta(hours=1)


def give_up(attempt: Attempt, *, now: dt.datetime) -> int:
    return persistently(partial(_give_up, attempt, now=now))


def _give_up(attempt: Attempt, *, now: dt.datetime) -> int:
    pk = attempt.invitation_id
    with transaction.atomic():
        silent = Attempt.objects.filter(pk=attempt.pk, outcome="")
        if not silent.update(outcome=Outcome.UNKNOWN, ended_at=now):
            return 0
        row = Invitation.objects.filter(pk=pk)
        if attempt.kind == Attempt.Kind.REMINDER:
            return row.filter(reminder_state=InvitationState.SENDING).update(
                reminder_state=InvitationState.UNKNOWN, reminded_at=now
            )
        sending = row.filter(state=InvitationState.SENDING, attempts_made=attempt.number)
        given_up = sending.update(
            state=InvitationState.UNKNOWN,
            reason=InvitationReason.WORKER_LOST,
            sent_at=attempt.started_at,
            settled_at=now,
        )
        if given_up:
            free_at = window_after(now + MAY_STILL_GO)
            Slot.objects.filter(held_by=pk).update(held_by=None, free_at=free_at)
    return given_up
