"""E-mails that nobody reports on any more: they may have gone out, and nobody knows."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import Q

from common.retry import retry
from surveys.domain.frequency import window_after
from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST, Outcome
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import InvitationState
from surveys.domain.transitions import came_from
from surveys.models import Attempt, Invitation, Slot
from surveys.services import slots

BATCH = 500
# It was accepted at some time since the claim, if at all, or will be when a machine wakes up that
# slept between the claim and the final dot.
MAY_STILL_GO = dt.timedelta(hours=1)


def give_up_stuck(*, now: dt.datetime) -> int:
    """By any machine, since the claim's moment is the database's; how many are unknown now."""
    # A time far ahead was written before the database's clock was set back.
    stuck = Q(started_at__lt=now - IN_FLIGHT_AT_MOST) | Q(started_at__gt=now + IN_FLIGHT_AT_MOST)
    given_up = 0
    for attempt in Attempt.objects.filter(stuck, outcome="").iterator(chunk_size=BATCH):
        given_up += retry(partial(_give_up, attempt, now=now))
    return given_up


def _give_up(attempt: Attempt, *, now: dt.datetime) -> int:
    pk = attempt.invitation_id
    before = came_from(InvitationState.UNKNOWN)
    with transaction.atomic():
        silent = Attempt.objects.filter(pk=attempt.pk, outcome="")
        if not silent.update(outcome=Outcome.UNKNOWN, ended_at=now):
            return 0
        row = Invitation.objects.filter(pk=pk)
        if attempt.kind == Attempt.Kind.REMINDER:
            return row.filter(reminder_state__in=before).update(
                reminder_state=InvitationState.UNKNOWN, reminded_at=now
            )
        given_up = row.filter(state__in=before, attempts_made=attempt.number).update(
            state=InvitationState.UNKNOWN,
            reason=InvitationReason.WORKER_LOST,
            sent_at=attempt.started_at,
            settled_at=now,
        )
        if given_up:
            spent = slots.spent(window_after(now + MAY_STILL_GO))
            Slot.objects.filter(held_by=pk).update(**spent)
    return given_up
