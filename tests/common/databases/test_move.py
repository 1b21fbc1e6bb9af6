"""From SQLite to PostgreSQL, with what the two treat differently."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.base.base import NO_DB_ALIAS

from accounts.domain.access.audit import AuditAction
from accounts.models import Customer
from accounts.services.access.audit import record_event, seal_events
from common.databases import move
from local import ROOT
from tests.world import NOW, answer, make_customer, make_respondent, send

REPORT = ("report_trend", "--by", "month", "--from", "2026-11-01", "--to", "2026-11-30")
ODD = {"rate": 1.0, "exact": 0.1, "large": 10**15, "z": None, "a": ["é", "声", True, 2e3], "": "x"}


@pytest.fixture
def target(postgres_url: str) -> Iterator[str]:
    name = f"koe_move_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{postgres_url.rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def world(transactional_db: None) -> Customer:
    for score in range(4):
        answer(send(make_respondent(), now=NOW), score, comment="声 \\N \t tab")
    record_event(AuditAction.DEMO_MAKE, actor=None, now=NOW, target="é")
    seal_events()
    gone = make_customer()
    gone.delete()
    return make_customer(attributes=ODD, name="\\. 'quoted'")


@pytest.fixture(autouse=True)
def _may_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's tests refuse every other database but that of this alias."""
    monkeypatch.setattr(move, "TARGET", NO_DB_ALIAS)


def moved(url: str) -> str:
    out = io.StringIO()
    call_command("move_database", url, stdout=out, stderr=out)
    return out.getvalue()


def elsewhere(url: str, *commands: tuple[str, ...]) -> str:
    code = f"import manage, sys\nfor sys.argv in {[['manage.py', *each] for each in commands]!r}: "
    done = subprocess.run(
        [sys.executable, "-c", f"{code}manage.main()"], cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def here(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="moves from SQLite")
def test_all_is_there_proves_itself_and_goes_on(target: str, world: Customer) -> None:
    # What only SQLite takes: the move breaks off after it was migrated.
    Customer.objects.filter(pk=world.pk).update(name="a\0b")
    with pytest.raises(CommandError, match=r"accounts_customer.* cannot stand there"):
        moved(target)
    Customer.objects.filter(pk=world.pk).update(name="\\. 'quoted'")
    gone = make_customer()
    last = gone.pk
    gone.delete()
    with psycopg.connect(target) as there:
        assert _one(there, "SELECT count(*) FROM surveys_response") == 0

        said = moved(target)

        assert "surveys_response rows=4 " in said
        assert " equal\n" in said
        name = _one(there, "SELECT name FROM accounts_customer WHERE id = %s", world.pk)
        assert name == "\\. 'quoted'"
        assert _one(there, "SELECT count(*) FROM auth_permission") > 100
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
            there.execute("UPDATE accounts_auditevent SET target = ''")
    proofs = [("check_audit_log",), ("check_deliveries",), ("check_frequency_cap",), REPORT]
    told = elsewhere(target, *proofs)
    assert told.endswith(here(*REPORT))
    assert told.count("faults=0") == 2
    with psycopg.connect(target) as there:
        # A number that was given once is not given again, even where its row is gone.
        assert _one(there, "SELECT nextval('accounts_customer_id_seq')") == last + 1
    with pytest.raises(CommandError, match="not empty"):
        moved(target)


@pytest.mark.skipif(not os.environ.get("SEEDS"), reason="long: make faults has SEEDS")
def test_it_goes_back_as_well(target: str, world: Customer, tmp_path: Path) -> None:
    moved(target)
    back = f"sqlite:///{tmp_path}/back.sqlite3"

    assert " equal\n" in elsewhere(target, ("move_database", back))

    assert elsewhere(back, REPORT) == here(*REPORT)


def test_what_cannot_be_moved_to_is_refused_before_anything_is_made(
    db: None, tmp_path: Path
) -> None:
    (tmp_path / "there").touch()
    for url, reason in (
        ("mysql://a/b", "no address of a database"),
        (f"sqlite:///{tmp_path}/there", "is there already"),
        ("postgres://nobody@127.0.0.1:1/none", "refused"),
    ):
        with pytest.raises(CommandError, match=f"^Nothing was moved: .*{reason}"):
            moved(url)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def _one(there: Any, statement: str, *values: Any) -> Any:
    return there.execute(statement, values).fetchone()[0]
