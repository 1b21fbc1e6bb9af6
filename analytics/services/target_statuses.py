"""What is said of each target is written down on the day, and never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from analytics.domain.metrics import said
from analytics.domain.metrics.said import Said
from analytics.models import TargetStatus
from analytics.queries.target_statuses import last_said


def is_due(day: dt.date) -> bool:
    return said.is_due(day, last=last_said())


def write_statuses(statuses: Iterable[Said]) -> None:
    """A second time adds none."""
    rows = [
        TargetStatus(
            day=each.day,
            metric=each.metric,
            target=each.target,
            value=each.value,
            status=each.status,
        )
        for each in statuses
    ]
    TargetStatus.objects.bulk_create(rows, ignore_conflicts=True)
