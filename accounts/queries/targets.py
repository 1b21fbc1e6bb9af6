from __future__ import annotations

from decimal import Decimal

from accounts.domain.targets import Metric
from accounts.models import Target


def known_targets() -> dict[Metric, Decimal]:
    return {
        Metric(metric): value for metric, value in Target.objects.values_list("metric", "value")
    }
