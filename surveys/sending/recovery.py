"""What a sender did not finish: it waits again, or nobody can tell and it is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from common.resilience.retry import retry
from surveys.domain.frequency import window_after
from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST, AttemptOutcome, Phase
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import InvitationState
from surveys.domain.transitions import came_from
from surveys.models import Attempt, Invitation, Sender, Slot
from surveys.sending.claims import claim
from surveys.sending.claims.claim import Accepted
from surveys.services import slots

# It was accepted at some time since the claim, if at all, or will be when a machine wakes up that
# slept between the claim and the final dot.
MAY_STILL_GO = dt.timedelta(hours=1)


def give_back(invitation_ids: Iterable[int], *, kind: Attempt.Kind, sender: str) -> int:
    """Claimed and never begun: they wait as they did before; how many of them were still held."""
    return retry(partial(_give_back, sorted(invitation_ids), kind=kind, sender=sender))


def give_up(invitation_id: int, *, kind: Attempt.Kind, sender: str, now: dt.datetime) -> None:
    """Begun by a sender that goes on, and what came of it could not be written down."""
    mine = Attempt.objects.filter(invitation=invitation_id, kind=kind, worker=sender)
    for attempt in mine.filter(outcome=""):
        retry(partial(transaction.atomic(_give_up), attempt, now=now))


def settle_lost(*, now: dt.datetime) -> int:
    """Of senders that are gone, whatever machine they were on; how many e-mails were in doubt.

    By any machine, since the claim's moment is the database's.
    """
    # A time far ahead was written before the database's clock was set back.
    stuck = Q(started_at__lt=now - IN_FLIGHT_AT_MOST) | Q(started_at__gt=now + IN_FLIGHT_AT_MOST)
    left = Attempt.objects.filter(stuck, outcome="").order_by()
    senders = left.values_list("worker", "kind").distinct()
    unknown = sum(
        retry(partial(_settle_lost, sender, kind=Attempt.Kind(kind), now=now))
        for sender, kind in list(senders)
    )
    Sender.objects.filter(begun_at__lt=now - IN_FLIGHT_AT_MOST).exclude(
        token__in=Attempt.objects.filter(outcome="").values("worker")
    ).delete()
    return unknown


@transaction.atomic
def _settle_lost(token: str, *, kind: Attempt.Kind, now: dt.datetime) -> int:
    # A sender that is still there after all begins nothing more: it finds its row gone.
    at_it = Sender.objects.filter(pk=token).select_for_update().first()
    Sender.objects.filter(pk=token).delete()
    left = list(Attempt.objects.filter(worker=token, kind=kind, outcome=""))
    if at_it is None or at_it.boot != claim.boot():
        return sum(_give_up(attempt, now=now) for attempt in left)
    before = [_accepted(each) for each in left if each.invitation_id < at_it.begun]
    claim.settle(before, kind=kind, at=now)
    after = [each.invitation_id for each in left if each.invitation_id > at_it.begun]
    _give_back(after, kind=kind, sender=token)
    in_doubt = [each for each in left if each.invitation_id == at_it.begun]
    return sum(_give_up(attempt, now=now) for attempt in in_doubt)


def _accepted(attempt: Attempt) -> Accepted:
    """What the mail server answered is lost with the sender."""
    return Accepted(attempt.invitation_id, attempt.number, Phase.ACCEPTED, None, "")


@transaction.atomic
def _give_back(invitation_ids: list[int], *, kind: Attempt.Kind, sender: str) -> int:
    rows = Invitation.objects.filter(pk__in=invitation_ids).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    held = Attempt.objects.filter(
        invitation__in=invitation_ids, kind=kind, worker=sender, outcome=""
    )
    numbers = dict(held.values_list("invitation_id", "number"))
    held.delete()
    mine = Invitation.objects.filter(pk__in=numbers)
    if kind is Attempt.Kind.REMINDER:
        again = [pk for pk, number in numbers.items() if number > 1]
        return mine.filter(reminder_state__in=came_from(InvitationState.QUEUED)).update(
            reminder_state=_waiting(Q(pk__in=again)), dispatched_at=None
        )
    slots.unanchor(numbers)
    return mine.filter(state__in=came_from(InvitationState.QUEUED)).update(
        state=_waiting(Q(attempts_made__gt=1)),
        attempts_made=F("attempts_made") - 1,
        claimed_at=None,
        dispatched_at=None,
    )


def _waiting(tried_before: Q) -> Case:
    return Case(
        When(tried_before, then=Value(InvitationState.RETRY)), default=Value(InvitationState.QUEUED)
    )


def _give_up(attempt: Attempt, *, now: dt.datetime) -> int:
    pk = attempt.invitation_id
    before = came_from(InvitationState.UNKNOWN)
    silent = Attempt.objects.filter(pk=attempt.pk, outcome="")
    if not silent.update(outcome=AttemptOutcome.UNKNOWN, ended_at=now):
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
