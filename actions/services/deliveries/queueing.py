"""Puts messages on their way, in the transaction of what they tell of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import StaffUser
from actions.domain.deliveries.states import MAIL_LANE, DeliveryState, lane_of
from actions.models import Channel, Delivery
from config.celery import enqueue_in_background


@dataclass(frozen=True, slots=True)
class Draft:
    """To a channel, to one of the staff, or, with neither, to whoever the event finds by then."""

    key: str
    event: str
    due: dt.datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    channel: Channel | None = None
    staff: StaffUser | None = None
    lane: str = MAIL_LANE
    in_order: bool = False


def queue_once(drafts: Sequence[Draft], *, now: dt.datetime) -> int:
    """What was queued before stays as it is. How many were not."""
    known = set(
        Delivery.objects.filter(key__in=[each.key for each in drafts]).values_list("key", flat=True)
    )
    rows = [_row(each, now=now) for each in drafts if each.key not in known]
    # Whoever was faster in between has it.
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    _enqueue(rows, now=now)
    return len(rows)


def queue(drafts: Sequence[Draft], *, now: dt.datetime) -> None:
    """What is on its way already keeps its moment, and is locked until the end of this transaction:
    whoever finds that there is nothing to tell must not delete it meanwhile.
    """
    rows = [_row(each, now=now) for each in drafts]
    Delivery.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["payload"], unique_fields=["key"]
    )
    _enqueue(rows, now=now)


def hasten(drafts: Sequence[Draft]) -> None:
    """After `queue`: what is on its way already is sent once, by now as soon as these are due."""
    for each in drafts:
        later = Delivery.objects.filter(key=each.key, next_at__gt=each.due)
        later.filter(state=DeliveryState.WAITING).update(next_at=each.due)


def _enqueue(rows: Sequence[Delivery], *, now: dt.datetime) -> None:
    for lane in sorted({each.lane for each in rows if each.next_at <= now}):
        deliver_soon(lane)


def deliver_soon(lane: str) -> None:
    """Other programs have workers of their own: a server that hangs holds up no e-mail."""
    if lane == MAIL_LANE:
        enqueue_in_background("actions.tasks.deliver")
    else:
        enqueue_in_background("actions.tasks.post_lane", lane)


def _row(draft: Draft, *, now: dt.datetime) -> Delivery:
    return Delivery(
        key=draft.key,
        event=draft.event,
        payload=dict(draft.payload),
        channel=draft.channel,
        staff=draft.staff,
        lane=lane_of(draft.channel.pk) if draft.channel else draft.lane,
        in_order=draft.in_order,
        created_at=now,
        next_at=draft.due,
    )
