#!/usr/bin/env python3
"""Django's command line for Koe."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed here. Run `make run` once, then `.venv/bin/python manage.py`."
        )
    try:
        _follow_the_organisation(sys.argv[1:2])
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def _follow_the_organisation(command: list[str]) -> None:
    """Before a command of Koe's own: Django's may run where there is no database yet."""
    import django
    from django.core.management import get_commands

    django.setup()
    app = get_commands().get("".join(command), "")
    if app in {"accounts", "surveys", "analytics", "actions", "api"}:
        from accounts.services.organisation import follow

        follow()


if __name__ == "__main__":
    main()
