"""What the pages of answers and follow-ups say of the customer, which they need not know of."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from accounts.models import Customer

register = template.Library()


@register.inclusion_tag("analytics/customers/_account.html")
def account(customer: Customer) -> dict[str, Any]:
    """How the account is, in a few lines: for readers who may see people."""
    # Only here: what health needs is nothing that commands shall wait for at their start.
    from accounts.queries.customers.listing import latest_month, page_rows
    from analytics.queries.health.standing import last_scored_day, standings

    today = timezone.localdate()
    [row] = page_rows([customer.pk], month=latest_month())
    health = standings([row.pk], day=last_scored_day(until=today), today=today)
    gone = row.churned_on is not None and row.churned_on <= today
    return {"row": row, "health": health.get(row.pk), "active": not gone}
