"""From one database to another, also of the other kind: proved equal before any of it counts.

The target is migrated first and carries a mark until all is there: what broke off is no database of
Koe, and is begun again. While rows are copied nobody writes to the source; what was to be written
meanwhile is refused, not lost.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError as Refused
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from environ import Env

from common.databases.rows import BATCH, Checksum, checksum, columns, rows_of
from common.databases.sequences import last_number, set_last_number
from common.databases.tables import DatabaseError, counts, present, stored_models

TARGET = "target"
MARK = "koe_being_moved"
LOCK = 6_273_951_208
Show = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    table: str
    rows: int
    checksum: str


def move(url: str, *, show: Show) -> list[Moved]:
    source = connections["default"]
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise DatabaseError("This database lacks migrations: run manage.py migrate first.")
    with _target(url) as target:
        with _quiet(source), transaction.atomic(using=TARGET):
            _empty(target)
            moved = _copy_all(source, target, show)
            _take_mark(target)
        if target.vendor == "postgresql":
            # Without statistics a campaign was planned up to a hundred times as slowly.
            with target.cursor() as cursor:
                cursor.execute("ANALYZE")
    return moved


# --- Where it goes ----------------------------------------------------------------------------


@contextmanager
def _target(url: str) -> Iterator[BaseDatabaseWrapper]:
    """Migrated and marked, or of a name that is not its own yet."""
    config = _config(url)
    if config["ENGINE"].endswith("sqlite3"):
        with _file(Path(config["NAME"])) as path, _connected({**config, "NAME": str(path)}) as made:
            _migrate(f"sqlite:///{path}")
            yield made
        return
    with _connected(config) as made:
        _hold(made)
        _mark(made)
        _migrate(url)
        yield made


def _config(url: str) -> dict[str, Any]:
    instead = "write sqlite:////absolute/path or postgres://user:password@host/name."
    if url.partition(":")[0] not in {"sqlite", "postgres", "postgresql"}:
        raise DatabaseError(f"That is no address of a database: {instead}")
    try:
        return dict(Env.db_url_config(url))
    except ValueError:
        raise DatabaseError(f"That is no address of a database: {instead}") from None


@contextmanager
def _file(path: Path) -> Iterator[Path]:
    """Under another name until it is whole."""
    if path.exists():
        raise DatabaseError(f"{path} is there already: name a file that is not.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.moving")
    made.unlink(missing_ok=True)
    made.touch(mode=0o600)
    yield made
    os.replace(made, path)


@contextmanager
def _connected(config: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    known = connections.settings
    known[TARGET] = connections.configure_settings({**known, TARGET: config})[TARGET]
    made = connections[TARGET]
    try:
        made.ensure_connection()
        yield made
    except Refused as error:
        raise DatabaseError(str(error).strip()) from error
    finally:
        made.close()
        del connections[TARGET], known[TARGET]


def _hold(target: BaseDatabaseWrapper) -> None:
    """By one at a time; who is killed holds nothing on."""
    with target.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_lock(%s), current_setting('server_encoding')", [LOCK]
        )
        [is_free, encoding] = cursor.fetchone()
    if not is_free:
        raise DatabaseError("Another move into this database is under way.")
    if encoding != "UTF8":
        raise DatabaseError(f"The target's encoding is {encoding}: createdb --encoding=UTF8.")


def _mark(target: BaseDatabaseWrapper) -> None:
    there = present(target)
    if there and MARK not in there:
        raise DatabaseError(
            f"The target is not empty: it has {len(there)} tables. Name a database without any."
        )
    with target.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {MARK} ()")


def _take_mark(target: BaseDatabaseWrapper) -> None:
    with target.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {MARK}")


def _migrate(url: str) -> None:
    """In a process whose only database it is: no migration of data can meet the source."""
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
        cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise DatabaseError(f"The target could not be migrated: {done.stderr.strip()[-500:]}")


# --- What goes there --------------------------------------------------------------------------


@contextmanager
def _quiet(source: BaseDatabaseWrapper) -> Iterator[None]:
    """One moment of the source, after which nobody writes to it until we are done."""
    with transaction.atomic(), source.cursor() as cursor:
        # SQLite's transactions begin with the lock of writers.
        if source.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            tables = (source.ops.quote_name(each._meta.db_table) for each in stored_models())
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE MODE")
        yield


def _empty(target: BaseDatabaseWrapper) -> None:
    """Of what migrations wrote: kinds of content, permissions."""
    found = counts(target)
    with target.cursor() as cursor:
        for model in stored_models():
            if found[model._meta.db_table]:
                cursor.execute(f"DELETE FROM {target.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - a name of a table


def _copy_all(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, show: Show) -> list[Moved]:
    there = counts(source)
    total = sum(there[model._meta.db_table] for model in stored_models())
    moved: list[Moved] = []
    done = 0
    for model in stored_models():
        read = Checksum()
        rows = rows_of(model, using="default")
        while batch := list(islice(rows, BATCH)):
            for row in batch:
                read.add(row)
            _insert(model, batch, target)
            show(done + read.rows, total)
        done += read.rows
        _number_on(model, source, target)
        moved.append(_proved(model, read))
    return moved


def _insert(
    model: type[models.Model], rows: list[tuple[Any, ...]], target: BaseDatabaseWrapper
) -> None:
    fields = columns(model)
    table = target.ops.quote_name(model._meta.db_table)
    names = ", ".join(target.ops.quote_name(str(each.column)) for each in fields)
    prepared = (
        [field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)]
        for row in rows
    )
    try:
        with target.cursor() as cursor:
            if target.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in prepared:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(fields))
                statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of ours
                cursor.executemany(statement, list(prepared))
    except Exception as error:  # of psycopg's COPY, which Django does not translate, too
        raise DatabaseError(f"A row of {table} cannot stand there: {error}") from error


def _number_on(
    model: type[models.Model], source: BaseDatabaseWrapper, target: BaseDatabaseWrapper
) -> None:
    if not isinstance(model._meta.pk, models.AutoField):
        return
    given, there = last_number(model, source), last_number(model, target)
    highest = model._base_manager.using(TARGET).aggregate(last=models.Max("pk"))["last"]
    last = max(given or 0, highest or 0)
    if last and last != there:
        set_last_number(model, target, last)


def _proved(model: type[models.Model], read: Checksum) -> Moved:
    table = model._meta.db_table
    found = checksum(model, using=TARGET)
    if (found.rows, str(found)) != (read.rows, str(read)):
        raise DatabaseError(
            f"{table} is not the same there: {read.rows} rows, {read} here; "
            f"{found.rows} rows, {found} there."
        )
    return Moved(table, read.rows, str(read))
