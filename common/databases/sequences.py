"""The numbers that rows get: they go on behind every one that was ever given.

A deleted row's number is in links that were mailed; a new row must not answer to it.
"""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


def last_number(model: type[models.Model], connection: BaseDatabaseWrapper) -> int | None:
    """None where no row ever got one, or rows bring their own."""
    table, key = model._meta.db_table, model._meta.pk
    if key is None or not isinstance(key, models.AutoField):
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            return found[0] if found else None
        cursor.execute(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
            [connection.ops.quote_name(table), key.column],
        )
        [number] = cursor.fetchone()
        return None if number is None else int(number)


def set_last_number(
    model: type[models.Model], connection: BaseDatabaseWrapper, number: int
) -> None:
    table, key = model._meta.db_table, model._meta.pk
    assert key is not None  # noqa: S101 - it had a number
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number]
            )
            return
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s)::regclass, %s)",
            [connection.ops.quote_name(table), key.column, number],
        )
