"""Webhooks: a channel, and which events it is told of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.deliveries.states import DeliveryState, Kind
from actions.models import Channel, Delivery
from actions.services.deliveries.channels import save_channel
from actions.services.deliveries.queueing import deliver_soon
from api.domain.events import DELIGHTED, OF_A_PROJECT, Event
from api.models import ApiKey, Project, Subscription
from api.models.keys import ended
from common.secrets.sealing import seal


class NoKey(Exception):
    """A project without a key has nothing to sign with."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`url` and `secret`: empty keeps what is there."""

    name: str
    kind: Kind
    language: str
    events: Sequence[Event]
    url: str = ""
    secret: str = ""
    new_secret: bool = False
    project: Project | None = None
    key: ApiKey | None = None
    with_comments: bool = True


def events_for(kind: Kind, project: Project | None) -> list[Event]:
    """Which there are to choose from."""
    if kind is Kind.DELIGHTED:
        return list(DELIGHTED)
    return [each for each in Event if project is None or each in OF_A_PROJECT]


@transaction.atomic
def save_webhook(
    subscription: Subscription, wanted: Wanted, *, by: StaffUser | None, now: dt.datetime
) -> str:
    """The secret where one was made, to be shown this once. Raises NoKey."""
    channel = subscription.channel if subscription.pk else Channel(kind=wanted.kind)
    channel.name, channel.language = wanted.name, wanted.language
    secret = save_channel(
        channel,
        url=wanted.url,
        new_secret=wanted.new_secret or (wanted.kind is Kind.WEBHOOK and not channel.pk),
        given=wanted.secret,
        by=by,
        now=now,
    )
    subscription.channel = channel
    subscription.events = [each.value for each in wanted.events]
    subscription.project, subscription.with_comments = wanted.project, wanted.with_comments
    if wanted.kind is Kind.DELIGHTED:
        _sign_with(subscription, wanted.key or _newest_key(wanted.project, now=now))
    subscription.save()
    record_event(
        AuditAction.WEBHOOK_SAVE, actor=by, now=now, target=channel,
        kind=channel.kind, events=", ".join(subscription.events),
        project=str(subscription.project or ""),
        key=subscription.key.shown if subscription.key else "",
    )  # fmt: skip
    return secret


@transaction.atomic
def remember_text(key: ApiKey, text: str, *, now: dt.datetime) -> None:
    """A program came with a key that is to sign: from now on we have it, sealed."""
    if not ApiKey.objects.filter(pk=key.pk, is_awaited=True).update(is_awaited=False):
        return
    channels = Channel.objects.filter(subscription__key=key)
    channels.update(sealed_secret=seal(text))
    waiting = Delivery.objects.filter(channel__in=channels, state=DeliveryState.WAITING)
    waiting.update(next_at=now)
    for lane in waiting.order_by("lane").values_list("lane", flat=True).distinct():
        deliver_soon(lane)


def _newest_key(project: Project | None, *, now: dt.datetime) -> ApiKey:
    found = ApiKey.objects.filter(project=project).exclude(ended(now)).order_by("-pk").first()
    if found is None:
        raise NoKey
    return found


def _sign_with(subscription: Subscription, key: ApiKey) -> None:
    """Another webhook of the same key may have it sealed; else the key's next call brings it."""
    if subscription.key_id == key.pk:
        return
    channel = subscription.channel
    twin = Channel.objects.filter(subscription__key=key).exclude(sealed_secret="").first()
    channel.sealed_secret = twin.sealed_secret if twin else ""
    channel.save(update_fields=["sealed_secret"])
    if not twin:
        ApiKey.objects.filter(pk=key.pk).update(is_awaited=True)
    subscription.key = key
