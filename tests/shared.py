"""Rows that all tests of a module read, made once: in a transaction that is never committed, or
kept in a copy of the database where the tests commit, as those of a live server do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def shared_rows(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of module scope; each test runs in a savepoint inside, and may write."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def keep_database(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def put_back(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(connection.connection)
