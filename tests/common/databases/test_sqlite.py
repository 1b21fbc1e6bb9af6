from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper

from common.databases.sqlite import dump, load
from common.databases.tables import DatabaseError
from config import env


@pytest.fixture
def connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """With a writer beside it, as the processes of a running Koe are."""
    monkeypatch.setenv("KEPT_URL", f"sqlite:///{tmp_path}/koe.sqlite3")
    found = env.database("KEPT_URL", default="")
    defaults = {"TIME_ZONE": None, "CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": 0}
    made = DatabaseWrapper({**found, **defaults, "AUTOCOMMIT": True}, alias="kept")
    made.inc_thread_sharing()
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE t (id integer primary key)")
        cursor.execute("INSERT INTO t VALUES (1), (2)")
    return made


@pytest.mark.django_db
def test_a_copy_is_of_one_moment_and_goes_back_whole(connection: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with closing(sqlite3.connect(tmp_path / "koe.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO t VALUES (3)")
        assert dump(connection, copy) == {"t": 2}
        writer.execute("COMMIT")
        # Others have it open while it is put back.
        load(connection, copy, expected={"t": 2})
        assert writer.execute("SELECT count(*) FROM t").fetchone() == (2,)

        with pytest.raises(DatabaseError, match="rows"):
            load(connection, copy, expected={"t": 3})
        writer.execute("INSERT INTO t VALUES (4)")
    damaged = bytearray(copy.read_bytes())
    damaged[-4000:] = bytes(4000)
    copy.write_bytes(damaged)
    with pytest.raises(DatabaseError, match="damaged"):
        load(connection, copy, expected={"t": 2})
    assert dump(connection, tmp_path / "after") == {"t": 3}
    connection.close()
