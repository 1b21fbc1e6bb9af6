"""pg_dump of one snapshot, and its way back in one transaction that is proved before it ends."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from common.databases.tables import DatabaseError, counts

LOCK_TIMEOUT = "10s"
_TEST = (
    "IF (SELECT count(*) FROM {table}) <> {rows:d} THEN "
    "RAISE EXCEPTION 'not all rows of % came back', '{name}'; END IF;\n"
)


def dump(connection: BaseDatabaseWrapper, to: Path) -> dict[str, int]:
    """The dump, and how many rows stood in each table at its moment."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        options = ["--format=custom", f"--schema={schema_of(connection)}", "--no-owner"]
        options += [f"--snapshot={snapshot}", f"--file={to}"]
        _run(_command(connection, "pg_dump", *options), _environment(connection))
        return counts(connection)


def load(connection: BaseDatabaseWrapper, dumped: Path, *, expected: dict[str, int]) -> None:
    """All or nothing: the last word is said only where every table has the rows that it had."""
    schema = schema_of(connection)
    environment = _environment(connection)
    command = _command(connection, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    connection.close()
    with subprocess.Popen(  # noqa: S603 - a program of PostgreSQL with words of ours
        [*command, "--output=/dev/null"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
    ) as psql:  # fmt: skip
        to, errors = cast(IO[bytes], psql.stdin), cast(IO[bytes], psql.stderr)
        with suppress(BrokenPipeError):  # It says why it went.
            _write(to, _before(schema))
            _unpack(dumped, to=to, environment=environment)
            _write(to, _after(schema, expected))
            to.close()
        said = errors.read().decode(errors="replace").strip()
    if psql.returncode:
        raise DatabaseError(f"The database is as it was, for PostgreSQL refused: {said}")


@contextmanager
def nobody_else(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        [others] = cursor.fetchone()
    if others:
        raise DatabaseError(
            f"{others} connections to this database are open: stop Koe on all its machines first."
        )
    yield


def schema_of(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        [schema] = cursor.fetchone()
    # A role whose path leads nowhere has none; what is restored goes where it would look.
    return str(schema or "public")


def _before(schema: str) -> str:
    return (
        f"BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}';\n"
        f"DROP SCHEMA IF EXISTS {_name(schema)} CASCADE;\n"
    )


def _after(schema: str, expected: dict[str, int]) -> str:
    tests = "".join(
        _TEST.format(table=f"{_name(schema)}.{_name(table)}", rows=number, name=table)
        for table, number in expected.items()
    )
    return f"DO $koe$ BEGIN\n{tests}END $koe$;\nCOMMIT;\n"


def _unpack(dumped: Path, *, to: IO[bytes], environment: dict[str, str]) -> None:
    """Where it fails the transaction is never ended, so that nothing of it stays."""
    _run(
        [_program("pg_restore"), "--file=-", "--no-owner", "--no-privileges", str(dumped)],
        environment,
        stdout=to,
    )


def _write(pipe: IO[bytes], text: str) -> None:
    pipe.write(text.encode())
    pipe.flush()


def _name(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""'))


def _command(connection: BaseDatabaseWrapper, program: str, *options: str) -> list[str]:
    arguments, _ = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return [_program(program), *options, *arguments[1:]]


def _environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The password goes this way: everybody of the machine reads the words of a command."""
    _, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return {**os.environ, **(environment or {})}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DatabaseError(f"{name} is missing: sudo apt-get install postgresql-client")
    return found


def _run(
    command: list[str], environment: dict[str, str], *, stdout: IO[bytes] | None = None
) -> None:
    done = subprocess.run(  # noqa: S603 - as above
        command, env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise DatabaseError(f"{Path(command[0]).name} failed: {said}")
