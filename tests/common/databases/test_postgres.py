from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.backends.postgresql.client import DatabaseClient

from common.databases import postgres
from common.databases.tables import DatabaseError

SETTINGS = {
    "NAME": "koe", "USER": "koe", "PASSWORD": "s3cret", "HOST": "db", "PORT": 5433,
    "OPTIONS": {"sslmode": "require"},
}  # fmt: skip


@pytest.fixture
def connection() -> Any:
    return SimpleNamespace(client=DatabaseClient(None), settings_dict=SETTINGS)


def test_the_password_goes_by_the_environment(
    connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pg_dump").write_text("#!/bin/sh\n")
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    command = postgres._command(connection, "pg_dump", "--format=custom")

    assert command == [
        str(tmp_path / "pg_dump"), "--format=custom", "-U", "koe", "-h", "db", "-p", "5433", "koe"
    ]  # fmt: skip
    environment = postgres._environment(connection)
    assert (environment["PGPASSWORD"], environment["PGSSLMODE"]) == ("s3cret", "require")


def test_a_program_that_is_missing_or_fails_is_named(
    connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DatabaseError, match="apt-get install postgresql-client"):
        postgres._command(connection, "pg_dump")

    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho server version mismatch >&2; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(DatabaseError, match="pg_dump failed: server version mismatch"):
        postgres._run([str(program)], {})


def test_what_is_put_back_ends_only_with_all_its_rows() -> None:
    said = postgres._after("public", {"surveys_response": 7})

    assert said.index("<> 7") < said.index("COMMIT")
    assert '"public"."surveys_response"' in said
    assert "COMMIT" not in postgres._before('a"b')
    assert '"a""b"' in postgres._before('a"b')
