"""What the apps share and none of them owns."""

from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "Koe"

    def ready(self) -> None:
        from common import among, checks  # noqa: F401 - registers them
        from common.databases import reading  # noqa: F401
        from common.monitoring import observe

        observe.start()
