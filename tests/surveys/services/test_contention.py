"""Launches that overlap, by 16 threads, on both databases: nobody is asked a third time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

# So few that it is cheap, and enough for the planted races to be found each time.
PERSONS, CAMPAIGNS = 24, 4


def contend(url: str, *, bug: str = "") -> dict[str, Any]:
    arguments = [str(PERSONS), str(CAMPAIGNS), "16", *([bug] if bug else [])]
    done = subprocess.run(
        [sys.executable, "-m", "tests.surveys.services.contention", *arguments],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'contention.sqlite3'}"


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[str]:
    name = f"koe_contention_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


def test_overlapping_launches_ask_nobody_a_third_time(database: str) -> None:
    result = contend(database)
    assert result["errors"] == []
    # Two at the first date, none half a window later, two again at a whole window.
    assert result == {
        "sends": PERSONS * 4,
        "violations": 0,
        "most": 4,
        "slots": PERSONS * 2,
        "held": 0,
        "errors": [],
        "capped": True,
    }


@pytest.mark.parametrize("bug", ["count_then_insert", "test_in_the_subselect_only"])
def test_planted_race_is_found(bug: str, postgres: str) -> None:
    result = contend(postgres, bug=bug)
    assert result["violations"] > 0
