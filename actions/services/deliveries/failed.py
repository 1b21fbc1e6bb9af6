"""Tells the admins of messages that did not arrive: one e-mail an hour, however many there are."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.domain.access.roles import Role
from accounts.models import StaffUser
from actions.domain.alerts.names import EventName
from actions.domain.deliveries.states import DeliveryState
from actions.labels import FAULT_LABELS
from actions.models import Delivery
from actions.services.deliveries.mails import compose
from actions.services.deliveries.queueing import Draft, queue_once

SHOWN = 20
HOUR = dt.timedelta(hours=1)
# Until what was settled at its last moment can be read.
MARGIN = dt.timedelta(minutes=1)


def tell_admins(delivery: Delivery, *, now: dt.datetime) -> None:
    """When the hour is over. That this message itself failed is seen on the pages only."""
    if delivery.event == EventName.FAILED:
        return
    hour = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    admins = StaffUser.objects.filter(role=Role.ADMIN, is_active=True)
    drafts = [
        Draft(
            key=f"failed:{hour:%Y%m%d%H}:{each.pk}",
            event=EventName.FAILED,
            due=hour + HOUR + MARGIN,
            payload={"since": hour.isoformat()},
            staff=each,
        )
        for each in admins
    ]
    queue_once(drafts, now=now)


def mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    """What was sent again with success meanwhile is no news."""
    reader, since = delivery.staff, dt.datetime.fromisoformat(delivery.payload["since"])
    found = Delivery.objects.filter(
        state=DeliveryState.FAILED, settled_at__gte=since, settled_at__lt=since + HOUR
    ).exclude(event=EventName.FAILED)
    total = found.count()
    if reader is None or not reader.is_active or not total:
        return None
    rows = found.select_related("channel", "staff").order_by("pk")[:SHOWN]
    # Words of ours in the reader's language, those of a server as they came.
    told = [(each, FAULT_LABELS.get(each.error, each.error)) for each in rows]
    context = {
        "rows": told,
        "total": total,
        "others": total - len(told),
        "url": settings.SITE_URL + reverse("actions:alert-list"),
    }
    return compose("failed", context, to=reader.email, reader=reader)
