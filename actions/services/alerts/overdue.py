"""What is overdue is told to its owner, and a day later to the admins; each once per due date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts.domain.roles import Role
from accounts.models import StaffUser
from actions.domain.follow_ups.states import State
from actions.models import FollowUp
from actions.services.alerts.owner import send_alert

# So long its owner has it alone.
FOR_ITS_OWNER = dt.timedelta(days=1)
AT_ONCE = 200


def tell_overdue(*, now: dt.datetime) -> int:
    """How many e-mails. What is nobody's is the admins' after the same time."""
    sent = 0
    mine = _claimed(_overdue(by=now).filter(owner__isnull=False), "owner_reminded_at", now=now)
    for owner, found in groupby(mine, key=lambda each: each.owner):
        if owner is not None and owner.is_active:
            sent += _tell([owner], list(found), now=now)
    left = _claimed(_overdue(by=now - FOR_ITS_OWNER), "admins_told_at", now=now)
    admins = StaffUser.objects.filter(role=Role.ADMIN, is_active=True)
    return sent + (_tell(admins, left, now=now) if left else 0)


def _overdue(*, by: dt.datetime) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.exclude(state=State.CLOSED).filter(due_at__lt=by)
    return rows.select_related("customer", "respondent", "owner")


def _claimed(found: QuerySet[FollowUp], mark: str, *, now: dt.datetime) -> list[FollowUp]:
    """Marked before the e-mail, so that it is never two; a snooze makes it due, and told, again."""
    untold = found.filter(Q(**{f"{mark}__isnull": True}) | Q(**{f"{mark}__lt": F("due_at")}))
    rows = list(untold.order_by("owner", "due_at", "pk")[:AT_ONCE])
    return [each for each in rows if untold.filter(pk=each.pk).order_by().update(**{mark: now})]


def _tell(readers: Iterable[StaffUser], found: list[FollowUp], *, now: dt.datetime) -> int:
    context = {
        "follow_ups": found,
        "now": now,
        "url": f"{settings.SITE_URL}{reverse('actions:follow-up-list')}?view=overdue",
    }
    sent = 0
    for reader in readers:
        send_alert("overdue", context, to=reader.email, reader=reader)
        sent += 1
    return sent
