"""What is said of each target is written down on the day, and never changed."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.domain.metrics.said import Said
from analytics.models import TargetStatus


def write_statuses(said: Iterable[Said]) -> None:
    """A second time adds none."""
    rows = [
        TargetStatus(
            day=each.day,
            metric=each.metric,
            target=each.target,
            value=each.value,
            status=each.status,
        )
        for each in said
    ]
    TargetStatus.objects.bulk_create(rows, ignore_conflicts=True)
