"""What other pages say of the API, which they need not know of."""

from __future__ import annotations

from django import template
from django.utils import timezone

from actions.models import Channel
from api.labels import EVENT_NAMES
from api.models import ApiKey, Subscription
from api.models.keys import ended

register = template.Library()


@register.simple_tag
def api_keys_in_use() -> int:
    return ApiKey.objects.exclude(ended(timezone.now())).count()


@register.simple_tag
def webhooks_in_use() -> int:
    return Subscription.objects.filter(channel__disabled="").count()


@register.simple_tag
def subscription_of(channel: Channel | None) -> Subscription | None:
    """What a channel is told of beside what rules say; None: nothing."""
    # Asked of the channel, which keeps it: the blocks of a page each ask for themselves.
    return getattr(channel, "subscription", None)


@register.simple_tag
def event_names(subscription: Subscription) -> str:
    return ", ".join(str(EVENT_NAMES[name]) for name in subscription.events)
