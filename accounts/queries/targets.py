from __future__ import annotations

from decimal import Decimal

from accounts.models import Target


def known_targets() -> dict[str, Decimal]:
    """By the key of the metric."""
    return dict(Target.objects.values_list("metric", "value"))
