"""Targets of the reports: the goals of all customers that hold without an end."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet

from actions.models import Goal


def standing_goals() -> QuerySet[Goal]:
    return Goal.objects.filter(last_day=None, dimension=None)


def targets() -> dict[str, Decimal]:
    """By the key of the metric."""
    found = standing_goals().values_list("metric", "target")
    return {metric: Decimal(repr(target)) for metric, target in found}
