"""Tables of a process that tests start, and all that stands in them."""

from __future__ import annotations

from typing import Any


def make_tables() -> None:
    """Straight from the models, as the other tests have it; after Django's set-up."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {each.label: None for each in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)


def rows_of(*labels: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of the models of these apps."""
    from django.apps import apps

    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {each.__name__: list(each._default_manager.order_by("pk").values()) for each in models}
