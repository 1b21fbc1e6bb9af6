from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = pgettext_lazy("follow-up", "Actions")

    def ready(self) -> None:
        from accounts.queries.customers.follow_ups import follow_ups_read_by
        from accounts.queries.customers.story import story_told_by
        from accounts.queries.targets import targets_read_by
        from actions import receivers  # noqa: F401 - connects the signals

        follow_ups_read_by("actions.queries.follow_ups.spans.open_spans")
        targets_read_by("actions.queries.targets.targets")
        story_told_by("actions.queries.follow_ups.told.told")
        story_told_by("actions.queries.playbooks.story.told")
