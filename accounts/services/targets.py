from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from accounts.domain.audit import AuditAction
from accounts.models import StaffUser, Target
from accounts.queries.targets import known_targets
from accounts.services.audit import record_event
from common.text import plain_number


@transaction.atomic
def save_targets(wanted: Mapping[str, Decimal | None], *, by: StaffUser, now: dt.datetime) -> int:
    """Set or take away; each change is a line of the audit log. How many changed."""
    before = known_targets()
    changed = {metric: value for metric, value in wanted.items() if before.get(metric) != value}
    for metric, value in changed.items():
        if value is None:
            Target.objects.filter(metric=metric).delete()
        else:
            Target.objects.update_or_create(metric=metric, defaults={"value": value})
        record_event(
            AuditAction.TARGET_UPDATE,
            actor=by,
            now=now,
            target=metric,
            before=plain_number(before.get(metric)),
            after=plain_number(value),
        )
    return len(changed)
