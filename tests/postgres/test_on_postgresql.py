from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

pytestmark = pytest.mark.timeout(1500)
# What is searched at random is searched elsewhere, or less, than on SQLite.
OTHERS = {"CAP_FIRST": "63", "CAP_EXAMPLES": "45", "CELL_EXAMPLES": "15"}
TESTS = Path(__file__).resolve().parents[1]


def test_cap_and_claim_on_postgresql(postgres_url: str) -> None:
    """The tests marked `both_databases` have run on SQLite with the others; here on PostgreSQL."""
    database = urlsplit(postgres_url)._replace(path=f"/koe_both_{os.getpid()}")
    # To read the others, too, would take a quarter of a minute.
    marked = [path for path in TESTS.rglob("test_*.py") if "both_databases" in path.read_text()]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *map(str, sorted({*marked} - {Path(__file__)})),
         "-m", "both_databases", "-q", "--no-migrations",
         "-p", "no:cacheprovider", "--create-db"],
        env={**OTHERS, **os.environ, "DATABASE_URL": urlunsplit(database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:]
    assert " passed" in done.stdout
