"""Targets of the reports, all at once: each is a goal without an end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.models import Goal
from actions.queries.targets import standing_goals, targets
from common.text import plain_number


@transaction.atomic
def save_targets(
    wanted: Mapping[str, Decimal | None], *, by: StaffUser, now: dt.datetime, today: dt.date
) -> int:
    """Set or take away; each change is a line of the audit log. How many changed."""
    before = targets()
    changed = {metric: value for metric, value in wanted.items() if before.get(metric) != value}
    for metric, value in changed.items():
        if value is None:
            _end(standing_goals().get(metric=metric), today=today)
        else:
            _set(metric, float(value), by=by, now=now, today=today)
        record_event(
            AuditAction.TARGET_UPDATE,
            actor=by,
            now=now,
            target=metric,
            before=plain_number(before.get(metric)),
            after=plain_number(value),
        )
    return len(changed)


def _set(metric: str, value: float, *, by: StaffUser, now: dt.datetime, today: dt.date) -> None:
    """What was read of it stays: it was held against the target of its day."""
    figures = {"start": value, "target": value}
    Goal.objects.update_or_create(
        metric=metric,
        last_day=None,
        dimension=None,
        defaults=figures,
        create_defaults={**figures, "first_day": today, "owner": by, "created_at": now},
    )


def _end(goal: Goal, *, today: dt.date) -> None:
    """Of a goal that something is known of that stays known."""
    if goal.first_day < today and (goal.readings.exists() or goal.reviews.exists()):
        Goal.objects.filter(pk=goal.pk).update(last_day=today)
    else:
        Goal.objects.filter(parent=goal).update(parent=goal.parent)
        goal.delete()
