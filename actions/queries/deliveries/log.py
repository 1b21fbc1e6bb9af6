"""What became of deliveries, for the pages about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from actions.domain.deliveries.states import MAIL_LANE, DeliveryState, Disabled
from actions.models import Channel, Delivery

# A failure that is older is history.
LATELY = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody should look at: channels that went away, and what could not be delivered."""

    channels: list[Channel]
    mails: int

    def __bool__(self) -> bool:
        return bool(self.channels or self.mails)


def channels_shown(*, now: dt.datetime) -> QuerySet[Channel]:
    """Each with how its last delivery went, and how many failed lately."""
    last = Delivery.objects.filter(channel=OuterRef("pk"), settled_at__isnull=False)
    failed = Q(deliveries__state=DeliveryState.FAILED, deliveries__settled_at__gt=now - LATELY)
    return Channel.objects.annotate(
        failed=Count("deliveries", filter=failed),
        last_at=Max("deliveries__settled_at"),
        last_state=Subquery(last.order_by("-settled_at", "-pk").values("state")[:1]),
    )


def log_of(channel: Channel | None) -> QuerySet[Delivery]:
    """None: of the e-mails. Newest first."""
    rows = Delivery.objects.select_related("staff").prefetch_related("tries").order_by("-pk")
    return rows.filter(channel=channel) if channel else rows.filter(channel__isnull=True)


def attention(*, now: dt.datetime) -> Attention:
    """A channel that an admin switched off is off on purpose."""
    shown = channels_shown(now=now)
    needs_it = Q(disabled=Disabled.GONE) | Q(disabled="", failed__gt=0)
    return Attention(list(shown.filter(needs_it)), failed_mails(now=now))


def failed_mails(*, now: dt.datetime) -> int:
    lately = Delivery.objects.filter(lane=MAIL_LANE, settled_at__gt=now - LATELY)
    return lately.filter(state=DeliveryState.FAILED).count()
