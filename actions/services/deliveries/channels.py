"""Channels: entered, switched off and on, tried; addresses and secrets are sealed."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from urllib.parse import urlsplit

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Role
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.alerts.names import EventName
from actions.domain.deliveries.signing import SECRET_BYTES, secret_from
from actions.domain.deliveries.states import DeliveryState, Disabled, Fault, Kind
from actions.models import Channel, Delivery
from actions.services.deliveries.queueing import Draft, deliver_soon, queue
from common.secrets.sealing import seal

# So much of an address is shown that two can be told apart.
SHOWN_SIGNS = 4
WITH_SECRET = (Kind.WEBHOOK, Kind.DELIGHTED, Kind.CHATWORK)
EDITED = ("name", "kind", "sealed_url", "shown", "sealed_secret", "language")


@transaction.atomic
def save_channel(
    channel: Channel,
    *,
    url: str,
    new_secret: bool,
    given: str = "",
    by: StaffUser | None,
    now: dt.datetime,
) -> str:
    """The secret where a new one was made, to be shown this once. No `url` keeps the old one.

    `given`: what the receiver handed out, where it signs nothing that we made.
    """
    if url:
        channel.sealed_url = seal(url)
        channel.shown = f"{urlsplit(url).netloc}/…{url[-SHOWN_SIGNS:]}"
    secret = secret_from(secrets.token_bytes(SECRET_BYTES)) if new_secret else ""
    if channel.kind != Kind.WEBHOOK:
        secret = given
    if channel.kind not in WITH_SECRET:
        secret = channel.sealed_secret = ""
    if secret:
        channel.sealed_secret = seal(secret)
    # A channel that was switched off meanwhile, by whomever, stays off.
    channel.save(update_fields=EDITED if channel.pk else None)
    detail = {"kind": channel.kind, "new_address": bool(url), "new_secret": bool(secret)}
    record_event(AuditAction.CHANNEL_SAVE, actor=by, now=now, target=channel, **detail)
    return secret if channel.kind == Kind.WEBHOOK else ""


@transaction.atomic
def switch(channel: Channel, *, on: bool, by: StaffUser, now: dt.datetime) -> None:
    if on:
        Channel.objects.filter(pk=channel.pk).update(disabled="", disabled_at=None)
    else:
        _disable(channel, Disabled.BY_HAND, now=now)
    record_event(AuditAction.CHANNEL_SWITCH, actor=by, now=now, target=channel, is_active=on)


@transaction.atomic
def delete_channel(channel: Channel, *, by: StaffUser, now: dt.datetime) -> None:
    record_event(AuditAction.CHANNEL_DELETE, actor=by, now=now, target=channel)
    channel.delete()


@transaction.atomic
def disable_gone(channel: Channel, *, now: dt.datetime) -> None:
    """Once, however many deliveries find it out; the admins are told."""
    if not _disable(channel, Disabled.GONE, now=now):
        return
    admins = StaffUser.objects.filter(role=Role.ADMIN, is_active=True)
    drafts = [
        Draft(
            key=f"gone:{channel.pk}:{now:%Y%m%d%H%M%S}:{each.pk}",
            event=EventName.CHANNEL_GONE,
            due=now,
            payload={"channel": channel.pk},
            staff=each,
        )
        for each in admins
    ]
    if drafts:
        queue(drafts, now=now)


def _disable(channel: Channel, reason: Disabled, *, now: dt.datetime) -> bool:
    """What waited for it is old news by the time it is back: it can be sent again by hand."""
    in_use = Channel.objects.filter(pk=channel.pk, disabled="")
    if not in_use.update(disabled=reason, disabled_at=now):
        return False
    waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.FAILED, error=Fault.CHANNEL, settled_at=now)
    return True


def send_trial(channel: Channel, *, now: dt.datetime) -> None:
    key = f"test:{uuid.uuid4().hex}"
    queue([Draft(key=key, event=EventName.TEST, due=now, channel=channel)], now=now)


def send_again(delivery: Delivery, *, now: dt.datetime) -> bool:
    """Under its old id. False where it is on its way, or its channel is off."""
    if delivery.channel is not None and delivery.channel.disabled:
        return False
    settled = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.WAITING)
    fresh = {"attempts": 0, "next_at": now, "settled_at": None, "error": "", "status_code": None}
    with transaction.atomic():
        if not settled.update(state=DeliveryState.WAITING, **fresh):
            return False
        deliver_soon(delivery.lane)
    return True
