"""The tables that hold what Koe knows, and how many rows stand in each."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

MIGRATIONS = "django_migrations"


class DatabaseError(Exception):
    """What keeps a database from being kept, put back or moved; the text says what would help."""


def stored_models() -> list[type[models.Model]]:
    """One for each table, those of many-to-many fields among them."""
    found = apps.get_models(include_auto_created=True)
    tables = {each._meta.db_table: each for each in found if each._meta.managed}
    return [tables[name] for name in sorted(tables)]


def present(connection: BaseDatabaseWrapper) -> set[str]:
    return set(connection.introspection.table_names())


def counts(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """Rows by table, of all tables that there are."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(present(connection)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name of a table
            [found[table]] = cursor.fetchone()
    return found


def applied(connection: BaseDatabaseWrapper) -> list[str]:
    """The migrations that were run there, as `app.name`."""
    loader = MigrationLoader(connection)
    return sorted(".".join(each) for each in loader.applied_migrations)


def known() -> set[str]:
    """The migrations that this version of Koe has."""
    return {".".join(each) for each in MigrationLoader(None).disk_migrations}
