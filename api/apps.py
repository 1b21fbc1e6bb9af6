from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from actions.services.deliveries.others import notes_written_by
        from api import receivers  # noqa: F401 - connects the signals
        from api.labels import EVENT_NAMES

        notes_written_by("api.services.webhooks.notes.note", EVENT_NAMES)
