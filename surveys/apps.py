"""What was asked and answered? Campaigns, invitations, slots, mail, responses."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from accounts.services.imports.kinds.registry import register_importer
        from surveys import receivers  # noqa: F401 - connects the signals
        from surveys.services.answers.import_file import ResponseImporter

        register_importer(ResponseImporter)
