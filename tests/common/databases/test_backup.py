"""The rehearsal: what was lost comes back, proves itself, and reports the same to the digit."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.domain.access.audit import AuditAction
from accounts.models import AuditEvent, Customer
from accounts.services.access.audit import record_event, seal_events
from common.databases.archive import DUMP, MANIFEST, opened
from common.databases.backup import forget_old
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Response
from surveys.services.campaigns.states import create_campaign
from tests.world import (
    NOW,
    answer,
    make_campaign,
    make_person,
    make_respondent,
    send,
)

pytestmark = pytest.mark.both_databases
REPORT = ("report_trend", "--by", "month", "--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path / "var")
    for number in range(6):
        ask(score=4 + number)
    create_campaign(name="Autumn", by=None, now=NOW)
    seal_events()


def said(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def ask(*, score: int) -> Response:
    return answer(send(make_respondent(), now=NOW), score)


def figures() -> str:
    return hashlib.sha256(said(*REPORT).encode()).hexdigest()


@pytest.mark.usefixtures("world")
def test_what_was_lost_is_put_back_and_proves_itself(tmp_path: Path) -> None:
    before, campaign = figures(), make_campaign()
    file = tmp_path / "kept" / "koe.backup"
    told = said("backup", "--out", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["koe.backup"]
    assert "SECRET_KEY is not in it" in told

    ask(score=0)
    Customer.objects.create(customer_id="later")
    record_event(AuditAction.DEMO_MAKE, actor=None, now=NOW)
    assert figures() != before
    with pytest.raises(CommandError, match="not empty"):
        said("restore", str(file))
    assert Customer.objects.filter(customer_id="later").exists()

    told = said("restore", str(file), "--overwrite")

    assert "violations=0" in told
    assert told.count("faults=0") == 2
    assert figures() == before
    assert not Customer.objects.filter(customer_id="later").exists()
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert AuditAction.DEMO_MAKE not in actions
    assert AuditAction.DATABASE_RESTORE in actions
    # It would ask again whom it asked since the backup.
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.PAUSED
    assert "backup" in campaign.state_reason
    # The numbers go on behind those that were given.
    assert make_person().pk > Response.objects.latest("pk").invitation.person_id


@pytest.mark.usefixtures("world")
def test_a_backup_that_is_damaged_short_later_or_of_another_key_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, damaged = tmp_path / "koe.backup", tmp_path / "damaged.backup"
    said("backup", "--out", str(file))
    with pytest.raises(CommandError, match="is there already"):
        said("backup", "--out", str(file))
    with opened(file) as (manifest, _, dump):
        content = bytearray(dump.read())
    content[len(content) // 2] ^= 1
    _rewrite(file, damaged, **{DUMP: bytes(content)})
    for wrong, reason in ((damaged, "damaged"), (tmp_path / "none", "no whole backup")):
        with pytest.raises(CommandError, match=reason):
            said("restore", str(wrong), "--overwrite")

    short = json.loads(_member(file, MANIFEST))
    short["tables"]["surveys_response"] += 1
    _rewrite(file, tmp_path / "short", **{MANIFEST: json.dumps(short).encode()})
    with pytest.raises(CommandError, match=r"rows of"):
        said("restore", str(tmp_path / "short"), "--overwrite")
    assert_a_running_koe_is_not_replaced(file, tmp_path / "var")

    later = json.dumps({**json.loads(_member(file, MANIFEST)), "migrations": ["surveys.9999_new"]})
    _rewrite(file, tmp_path / "later", **{MANIFEST: later.encode()})
    with pytest.raises(CommandError, match="later version of Koe"):
        said("restore", str(tmp_path / "later"), "--overwrite")

    monkeypatch.setattr(settings, "SECRET_KEY", "another key " * 5)
    with pytest.raises(CommandError, match="another SECRET_KEY"):
        said("restore", str(file), "--overwrite")
    assert Campaign.objects.filter(slug="autumn").exists()
    assert manifest.tables["surveys_campaign"] == Campaign.objects.count()


def assert_a_running_koe_is_not_replaced(file: Path, var: Path) -> None:
    if connection.vendor == "postgresql":
        parameters = connection.get_connection_params()
        names = ("host", "port", "user", "password", "dbname")
        other: Any = psycopg.connect(**{each: parameters.get(each) for each in names})
    else:
        var.mkdir(exist_ok=True)
        other = (var / "run.lock").open("w")
        fcntl.flock(other, fcntl.LOCK_EX)
    with other, pytest.raises(CommandError, match="stop"):
        said("restore", str(file), "--overwrite")


def test_only_the_newest_of_our_names_stay(tmp_path: Path) -> None:
    names = [f"koe-202611{day}T020000Z.backup" for day in (10, 11, 12)]
    for name in (*names, "koe-mine.backup", "notes"):
        (tmp_path / name).touch()

    assert [path.name for path in forget_old(tmp_path, keep=2)] == names[:1]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        *names[1:], "koe-mine.backup", "notes"
    ]  # fmt: skip


def _member(file: Path, name: str) -> bytes:
    with tarfile.open(file) as tar:
        return tar.extractfile(name).read()


def _rewrite(file: Path, to: Path, **changed: bytes) -> None:
    with tarfile.open(file) as old, tarfile.open(to, "w") as new:
        for entry in old.getmembers():
            content = changed.get(entry.name, old.extractfile(entry).read())
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
