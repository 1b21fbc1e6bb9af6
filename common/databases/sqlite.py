"""SQLite's online backup: a copy of one moment while others write, and back in one transaction."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from common.databases.tables import DatabaseError


def dump(connection: BaseDatabaseWrapper, to: Path) -> dict[str, int]:
    """The copy, and how many rows stand in each of its tables."""
    connection.ensure_connection()
    with closing(sqlite3.connect(to)) as copy:
        connection.connection.backup(copy)
        # One file, which needs no folder that can be written.
        copy.execute("PRAGMA journal_mode=DELETE")
        return _counts(copy)


def load(connection: BaseDatabaseWrapper, dumped: Path, *, expected: dict[str, int]) -> None:
    """In one step, which a killed process leaves undone."""
    connection.ensure_connection()
    with closing(sqlite3.connect(dumped)) as copy:
        [said] = copy.execute("PRAGMA quick_check").fetchone()
        if said != "ok":
            raise DatabaseError(f"The backup is damaged: {said}.")
        if _counts(copy) != expected:
            raise DatabaseError("The backup is damaged: rows of its tables are missing.")
        try:
            copy.backup(connection.connection)
        except sqlite3.OperationalError as error:
            raise DatabaseError(f"The database cannot be replaced: {error}. Stop Koe.") from None
    connection.close()


@contextmanager
def nobody_else(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Not beside a `make run`, which holds this lock; processes of a manager are its operator's."""
    settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.VAR_DIR / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseError("Koe is running on this database: stop it first.") from None
        yield


def _counts(copy: sqlite3.Connection) -> dict[str, int]:
    named = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = sorted(name for (name,) in named if not name.startswith("sqlite_"))
    return {
        table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - a name of a table
        for table in tables
    }
