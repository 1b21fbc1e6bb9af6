"""Whether the database takes changes, and whether it is as new as the program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# Below it the next write fails, be it a page of the database or of its log.
FREE_AT_LEAST = 1_000_000
# Not of the transaction that asks, which may be a report's.
_READ_ONLY = (
    "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean"
)


class _Found:
    """What is once there goes no more: a process asks until then."""

    is_up_to_date = False


def is_writable() -> bool:
    """Asked without a write, which would wait for others."""
    if connection.vendor == "sqlite":
        return _file_is_writable(Path(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        cursor.execute(_READ_ONLY)
        return not cursor.fetchone()[0]


def _file_is_writable(path: Path) -> bool:
    if not path.exists():
        return True  # in memory
    disk = os.statvfs(path.parent)
    if disk.f_flag & os.ST_RDONLY or disk.f_bavail * disk.f_frsize < FREE_AT_LEAST:
        return False
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def pending_migrations() -> int:
    """By their names, without loading any of them."""
    if _Found.is_up_to_date:
        return 0
    pending = set(_on_disk()) - MigrationRecorder(connection).applied_migrations().keys()
    _Found.is_up_to_date = not pending
    return len(pending)


def _on_disk() -> Iterator[tuple[str, str]]:
    for config in apps.get_app_configs():
        try:
            folder = import_module(MigrationLoader.migrations_module(config.label)[0] or "")
        except (ModuleNotFoundError, ValueError):
            continue  # it has none, or shall not be asked
        for module in iter_modules(folder.__path__):
            yield config.label, module.name
