"""A database emptied after a test that committed: only of what it holds.

Django truncates every table and makes the content types and permissions again, which takes
PostgreSQL a second, for a few rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from django.db import connection, transaction

# Made once with the tables, and the same for every test.
KEPT = {"django_content_type", "auth_permission", "django_migrations"}
_triggers = import_module("accounts.migrations.0019_sealed_audit_log")


def empty_database() -> None:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*names} - KEPT)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"EXISTS(SELECT 1 FROM {each})" for each in tables))
        found = zip(tables, cursor.fetchone(), strict=True)
        for statement in _emptied([table for table, is_filled in found if is_filled]):
            cursor.execute(statement)


def _emptied(tables: Sequence[str]) -> list[str]:
    """The triggers of the audit log refuse it."""
    deleted = [f"DELETE FROM {table}" for table in tables]
    sealed = [table for table in tables if table in _triggers.TABLES]
    if not sealed:
        return deleted
    if connection.vendor == "sqlite":
        return [*_triggers.dropping("sqlite"), *deleted, *_triggers.making("sqlite")]
    off, on = (
        [f"ALTER TABLE {table} {act} TRIGGER USER" for table in sealed]
        for act in ("DISABLE", "ENABLE")
    )
    return [*off, *deleted, "SET CONSTRAINTS ALL IMMEDIATE", *on]
