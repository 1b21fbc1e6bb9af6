"""What is overdue is told to its owner, and a day later to the admins; each once per due date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts.domain.access.roles import Role
from accounts.models import StaffUser
from actions.domain.alerts.names import EventName
from actions.models import Delivery, FollowUp
from actions.models.follow_ups import overdue
from actions.services.deliveries.mails import compose
from actions.services.deliveries.queueing import Draft, queue

# So long its owner has it alone.
FOR_ITS_OWNER = dt.timedelta(days=1)
AT_ONCE = 200


@transaction.atomic
def tell_overdue(*, now: dt.datetime) -> int:
    """How many e-mails. What is nobody's is the admins' after the same time."""
    drafts: list[Draft] = []
    mine = _claimed(_overdue(by=now).filter(owner__isnull=False), "owner_reminded_at", now=now)
    for owner, found in groupby(mine, key=lambda each: each.owner):
        if owner is not None and owner.is_active:
            drafts += _drafts([owner], list(found), "owner", now=now)
    left = _claimed(_overdue(by=now - FOR_ITS_OWNER), "admins_told_at", now=now)
    if left:
        admins = StaffUser.objects.filter(role=Role.ADMIN, is_active=True)
        drafts += _drafts(admins, left, "admins", now=now)
    if drafts:
        queue(drafts, now=now)
    return len(drafts)


def _overdue(*, by: dt.datetime) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(overdue(at=by))
    return rows.select_related("customer", "respondent", "owner")


def _claimed(found: QuerySet[FollowUp], mark: str, *, now: dt.datetime) -> list[FollowUp]:
    """Marked with the e-mail, so that it is never two; a snooze makes it due, and told, again."""
    untold = found.filter(Q(**{f"{mark}__isnull": True}) | Q(**{f"{mark}__lt": F("due_at")}))
    rows = list(untold.order_by("owner", "due_at", "pk")[:AT_ONCE])
    return [each for each in rows if untold.filter(pk=each.pk).order_by().update(**{mark: now})]


def _drafts(
    readers: Iterable[StaffUser], found: Sequence[FollowUp], role: str, *, now: dt.datetime
) -> list[Draft]:
    return [
        Draft(
            key=f"overdue:{role}:{reader.pk}:{now:%Y%m%d%H%M%S%f}",
            event=EventName.OVERDUE,
            due=now,
            payload={"follow_ups": [each.pk for each in found]},
            staff=reader,
        )
        for reader in readers
    ]


def mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    """What is still overdue of it."""
    reader = delivery.staff
    found = list(_overdue(by=now).filter(pk__in=delivery.payload["follow_ups"]))
    if reader is None or not reader.is_active or not found:
        return None
    context = {
        "follow_ups": found,
        "now": now,
        "url": f"{settings.SITE_URL}{reverse('actions:follow-up-list')}?view=overdue",
    }
    return compose("overdue", context, to=reader.email, reader=reader)
