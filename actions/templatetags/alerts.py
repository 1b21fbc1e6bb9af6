"""What other pages say of alerts, which they need not know of."""

from __future__ import annotations

from django import template

from actions.labels import fault_text
from actions.models import AlertRule

register = template.Library()


@register.simple_tag
def alert_rules_in_use() -> int:
    return AlertRule.objects.filter(is_active=True).count()


@register.filter
def fault(error: str) -> str:
    return fault_text(error)
