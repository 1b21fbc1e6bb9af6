"""What a monitoring system is told of messages to staff and channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min, QuerySet
from prometheus_client.metrics_core import Metric

from actions.domain.deliveries.states import MAIL_LANE, DeliveryState
from actions.models import Channel, Delivery
from common.monitoring.prometheus import age, gauge, gauges

# What failed is kept for weeks; what is asked about is whether it fails now.
FAILED_WITHIN = dt.timedelta(hours=1)


def families(*, now: dt.datetime) -> Iterator[Metric]:
    waiting = waiting_messages()
    lanes = {_kind(lane): 0 for lane in (MAIL_LANE, "channel")}
    for lane, number in waiting.values_list("lane").annotate(number=Count("pk")):
        lanes[_kind(lane)] += number
    yield gauges("waiting_messages", "Messages to staff and channels that wait.", "to", lanes)
    first = waiting.aggregate(first=Min("created_at"))["first"]
    oldest = age(first, now=now) or 0
    yield gauge("oldest_message_seconds", "How long the first of them waits.", oldest)
    failed = failed_messages(now=now).count()
    yield gauge("failed_messages", "Messages given up within the last hour.", failed)
    disabled = Channel.objects.exclude(disabled="").count()
    yield gauge("disabled_channels", "Channels that are not in use.", disabled)


def waiting_messages() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.WAITING).order_by()


def failed_messages(*, now: dt.datetime) -> QuerySet[Delivery]:
    """Given up within the last hour."""
    return Delivery.objects.filter(state=DeliveryState.FAILED, settled_at__gt=now - FAILED_WITHIN)


def _kind(lane: str) -> str:
    """One label for all channels: their names are nobody's business."""
    return "mail" if lane == MAIL_LANE else "channel"
