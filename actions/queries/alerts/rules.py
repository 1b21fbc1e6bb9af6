"""The rules for alerts in force, and whom they tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Prefetch

from accounts.models import StaffUser
from accounts.queries.money.revenue import mrr_known_on
from actions.domain.alerts.rules import Account
from actions.models import AlertRule, Channel


def rules_in_use() -> list[AlertRule]:
    """With who would be told: staff that may log in, channels that are not switched off."""
    return list(
        AlertRule.objects.filter(is_active=True)
        .select_related("dimension")
        .prefetch_related(
            Prefetch("staff", StaffUser.objects.filter(is_active=True)),
            Prefetch("channels", Channel.objects.filter(disabled="")),
        )
    )


def accounts_of(
    values: Mapping[int, tuple[int | None, Mapping[str, str] | None]],
    *,
    rules: Iterable[AlertRule],
    day: dt.date,
) -> dict[int, Account]:
    """Of answers: by customer and frozen values. MRR is read where a rule asks for it."""
    reads_mrr = any(rule.mrr_at_least is not None for rule in rules)
    mrr = mrr_known_on((customer for customer, _ in values.values()), day=day) if reads_mrr else {}
    return {
        pk: Account(segments or {}, Decimal(mrr[customer]) if customer in mrr else None)
        for pk, (customer, segments) in values.items()
    }


def of_dimension(name: str) -> list[AlertRule]:
    return list(AlertRule.objects.filter(dimension__name=name))
