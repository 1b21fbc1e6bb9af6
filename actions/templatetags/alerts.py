"""What other pages say of alerts, which they need not know of."""

from __future__ import annotations

import datetime as dt

from django import template

from actions.models import AlertRule
from actions.queries.deliveries.log import Attention, attention

register = template.Library()


@register.simple_tag
def alert_rules_in_use() -> int:
    return AlertRule.objects.filter(is_active=True).count()


@register.simple_tag
def undelivered(now: dt.datetime) -> Attention:
    """Channels that are gone, and what could not be delivered lately."""
    return attention(now=now)
