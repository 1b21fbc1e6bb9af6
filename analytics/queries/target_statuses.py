"""What was said of targets, and what became of it."""

from __future__ import annotations

import datetime as dt

from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.metrics.said import Said, graded
from analytics.models import TargetStatus


def last_said() -> dt.date | None:
    found: dt.date | None = (
        TargetStatus.objects.order_by("-day").values_list("day", flat=True).first()
    )
    return found


def graded_statuses() -> list[Said]:
    """The newest first."""
    rows = TargetStatus.objects.order_by("day", "pk")
    said = [Said(row.day, row.metric, row.target, row.value, row.status) for row in rows]
    by_metric: dict[str, list[Said]] = {}
    for each in said:
        by_metric.setdefault(each.metric, []).append(each)
    return [
        graded(each, after=by_metric[each.metric], at_most=BY_KEY[each.metric].at_most)
        for each in reversed(said)
        if each.metric in BY_KEY
    ]
