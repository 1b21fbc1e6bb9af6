"""Forgets what became of old messages, each night. What is still to be tried stays."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from actions.domain.deliveries.states import DeliveryState
from actions.models import Delivery

# As long as somebody may ask whether they were told. Much longer than anything can be queued again
# under the same key, which is a matter of days.
KEPT_FOR = dt.timedelta(days=90)
SETTLED = (DeliveryState.SENT, DeliveryState.FAILED)
# Each batch is a transaction of its own: nothing that sends waits for the whole.
BATCH = 1000


def forget_old(*, now: dt.datetime) -> int:
    """How many are gone."""
    total = 0
    while ids := list(_old(now).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        # Not what somebody has sent again in between.
        gone, _ = _old(now).filter(pk__in=ids).delete()
        total += gone
    return total


def _old(now: dt.datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=SETTLED, settled_at__lt=now - KEPT_FOR)
