"""Tells who wrote to a customer that the e-mail did not leave, or that nobody knows."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.domain.access.roles import Role
from accounts.models import StaffUser
from actions.domain.alerts.names import EventName
from actions.models import Delivery, Reply
from actions.queries.replies import unsent
from actions.services.deliveries.mails import compose
from actions.services.deliveries.queueing import Draft, queue_once


def tell_writer(reply: Reply, *, now: dt.datetime) -> None:
    """Whoever works here no more is stood in for by the owner, else by the admins."""
    owner = reply.follow_up.owner
    known = [each for each in (reply.author, owner) if each is not None and each.is_active]
    readers = known[:1] or StaffUser.objects.filter(role=Role.ADMIN, is_active=True)
    drafts = [
        Draft(
            key=f"reply:{reply.pk}:{each.pk}",
            event=EventName.REPLY,
            due=now,
            payload={"reply": reply.pk},
            staff=each,
        )
        for each in readers
    ]
    queue_once(drafts, now=now)


def mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    """Nothing where it was seen to meanwhile."""
    rows = unsent().select_related("respondent__customer", "follow_up")
    reply, reader = rows.filter(pk=delivery.payload["reply"]).first(), delivery.staff
    if reply is None or reader is None or not reader.is_active:
        return None
    url = settings.SITE_URL + reverse("actions:follow-up-detail", args=[reply.follow_up_id])
    return compose("unsent", {"reply": reply, "url": url}, to=reader.email, reader=reader)
