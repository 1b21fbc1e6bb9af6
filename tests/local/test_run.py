from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local import ports
from local.errors import SetupError
from local.run import private_folder, wanted_processes
from tests.servers.services import free_port


def modes(*paths: Path) -> list[str]:
    return [oct(path.stat().st_mode & 0o777) for path in paths]


def test_what_koe_writes_is_readable_by_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        var = private_folder(tmp_path / "srv" / "var")
        (var / "koe.sqlite3").touch()
        # As the processes of the stack do, which inherit it.
        inbox, mail = var / "mail", var / "mail" / "mail.eml"
        code = (
            f"import pathlib; p = pathlib.Path({str(inbox)!r}); p.mkdir(); (p / 'mail.eml').touch()"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
    finally:
        os.umask(before)

    assert modes(var, inbox) == ["0o700", "0o700"]
    assert modes(var / "koe.sqlite3", mail) == ["0o600", "0o600"]


@pytest.fixture
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REDIS_URL", "EMAIL_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_nothing_named")
def test_what_has_no_server_of_its_own_is_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port(ports.SMTP, ports.VALKEY)

    commands = wanted_processes(port)

    assert sorted(commands) == ["beat", "posts", "slow", "smtp", "valkey", "web", "worker"]
    assert commands["valkey"] == f'python -m local.valkey {port + 379} "$KOE_VAR_DIR/valkey"'
    assert commands["beat"].startswith("celery --quiet --app config beat ")

    monkeypatch.setenv("REDIS_URL", "redis://cache.example.com/0")
    assert sorted(wanted_processes(port)) == ["beat", "posts", "slow", "smtp", "web", "worker"]


@pytest.mark.usefixtures("_nothing_named")
def test_a_taken_port_is_named_with_what_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port(ports.SMTP, ports.VALKEY)
    with socket.create_server(("127.0.0.1", port + ports.SMTP)):
        with pytest.raises(SetupError, match=r"which Koe needs for its local mail server, is take"):
            wanted_processes(port)

        monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.com")
        assert "smtp" not in wanted_processes(port)
