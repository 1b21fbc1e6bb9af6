"""Asks that are taken back before their e-mail was tried: as if nobody had wanted them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CLAIMABLE, InvitationState
from surveys.models import Invitation
from surveys.services import slots


@transaction.atomic
def withdraw(asked: QuerySet[Invitation], *, now: dt.datetime) -> int:
    """How many; those that a worker has claimed leave. The slots are as they were before."""
    rows = asked.filter(state__in=CLAIMABLE).order_by("pk").select_for_update(of=("self",))
    waiting = list(rows.values_list("pk", flat=True))
    slots.release(waiting)
    mine = Invitation.objects.filter(pk__in=waiting)
    mine.filter(attempts_made=0).delete()
    # What was tried has its history.
    mine.update(state=InvitationState.CANCELLED, reason=InvitationReason.WITHDRAWN, settled_at=now)
    return len(waiting)
