from __future__ import annotations

from accounts.models import MetricSettings


def metric_settings() -> MetricSettings:
    """As stored, else with the defaults."""
    rows = MetricSettings.objects.select_related("engagement_measure")
    return rows.filter(pk=MetricSettings.ONLY).first() or MetricSettings(pk=MetricSettings.ONLY)
