"""That rows come back is the rehearsal's: tests/common/databases/test_backup.py."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.databases.archive import Manifest
from common.management.commands import restore as command

MADE = Manifest("2026-11-24T09:00:00+00:00", "sqlite", {"t": 1}, [], "", "")


def test_a_promise_that_does_not_hold_in_it_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "restore", lambda *_, **__: MADE)
    asked = []

    def prove(name: str, **_: object) -> None:
        asked.append(name)
        if name == "check_deliveries":
            sys.exit(1)

    monkeypatch.setattr(command, "call_command", prove)
    out = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("restore", "koe.backup", stdout=out)

    assert ended.value.code == 1
    # All are asked, whatever one says.
    assert asked == list(command.PROOFS)
    assert "Campaigns" not in out.getvalue()


def test_what_is_no_backup_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Nothing was restored: .* is no whole backup of Koe"):
        call_command("restore", str(tmp_path / "gone"))
