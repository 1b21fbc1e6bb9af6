"""What does it mean? NPS, churn, retention, outcomes, health."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("Analytics")

    def ready(self) -> None:
        from accounts.queries.customers.behind import counted_by
        from accounts.services.imports.undo.journal import register_derived
        from analytics import receivers  # noqa: F401 - connects the signals

        counted_by("analytics.views.metrics.behind.choose")
        register_derived(self.get_model("HealthScore"))
