"""A message that says that messages arrive; and what admins are told of a channel that is gone."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.domain.deliveries.notes import Note
from actions.models import Channel, Delivery
from actions.services.deliveries.mails import compose


def note(delivery: Delivery, now: dt.datetime) -> Note:
    return Note(
        title=_("A test from %(organisation)s") % {"organisation": settings.ORGANISATION_NAME},
        words=_("Messages of Koe arrive here."),
        url=settings.SITE_URL,
        link=_("Open Koe"),
        data={"message": "test", "sent_at": now.isoformat()},
    )


def mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    reader = delivery.staff
    if reader is None or not reader.is_active:
        return None
    return compose("trial", {}, to=reader.email, reader=reader)


def gone_mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    channel = Channel.objects.filter(pk=delivery.payload["channel"]).first()
    reader = delivery.staff
    if channel is None or not channel.disabled or reader is None or not reader.is_active:
        return None
    url = settings.SITE_URL + reverse("actions:channel", args=[channel.pk])
    context = {"channel": channel, "url": url}
    return compose("channel_gone", context, to=reader.email, reader=reader)
