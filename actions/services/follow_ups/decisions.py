"""What staff decide by themselves: about answers that wait, and about a customer as such."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts.models import Customer, StaffUser
from actions.domain.follow_ups.states import Dismissal
from actions.domain.rules.triggers import Trigger
from actions.models import AnswerCase, FollowUp
from actions.queries.rules.in_force import rules
from actions.services.follow_ups.opening import Subject, open_or_join


def dismiss_waiting(
    response_ids: Collection[int], *, reason: Dismissal, note: str, by: StaffUser, now: dt.datetime
) -> int:
    """How many: what somebody else has decided meanwhile stays as it is."""
    waiting = AnswerCase.objects.filter(
        response__in=response_ids, follow_up__isnull=True, dismissed=""
    )
    return waiting.update(dismissed=reason, note=note, decided_by=by, decided_at=now)


@transaction.atomic
def follow_up_waiting(response_id: int, *, by: StaffUser, now: dt.datetime) -> FollowUp | None:
    """None where it no longer waits."""
    case = AnswerCase.objects.select_related("response__invitation__respondent").get(
        response=response_id
    )
    respondent = case.response.invitation.respondent
    found = open_or_join(
        Subject(respondent.customer_id, respondent.pk),
        rules()[Trigger.SCORE],
        owner=by,
        by=by,
        now=now,
        response=response_id,
        score=case.response.score,
    )
    waiting = AnswerCase.objects.filter(pk=case.pk, follow_up__isnull=True, dismissed="")
    if not waiting.update(follow_up=found, decided_by=by, decided_at=now):
        transaction.set_rollback(True)
        return None
    return found


@transaction.atomic
def open_by_hand(
    customer: Customer,
    *,
    owner: StaffUser | None,
    text: str,
    by: StaffUser | None,
    now: dt.datetime,
    program: str = "",
) -> FollowUp:
    """By staff, or by a program of that name."""
    told = {"program": program} if program else {}
    return open_or_join(
        Subject(customer.pk, None),
        rules()[Trigger.MANUAL],
        owner=owner,
        by=by,
        now=now,
        text=text,
        **told,
    )
