"""The web server as its unit starts it: how it stops, and that slow senders do not stop it."""

from __future__ import annotations

import http.client
import os
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from local import ROOT
from surveys.models import Response
from tests.faults.rig.stack import database_url, kill_all
from tests.servers.services import free_port
from tests.surveys.helpers.invited import answer_path, invite

SECONDS = 30
# As long as a start may take on a machine that is very busy.
START = 120
SENDERS = 12
CADDY = shutil.which("caddy")


@pytest.fixture
def server(tmp_path: Path, transactional_db: None) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    unit = (ROOT / "deploy/systemd/koe-web.service").read_text()
    line = next(each for each in unit.splitlines() if each.startswith("ExecStart="))
    port = free_port()
    program, *options = shlex.split(line.partition("=")[2].replace("8000", str(port)))
    environment = {
        "DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY,
        "KOE_VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", Path(program).name, *options], cwd=ROOT,
            env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        until_answers(port)
        yield process, port
    finally:
        # With its workers, which a kill of the first process alone would leave behind.
        kill_all(process)


def asked(port: int, method: str, path: str, body: str = "", *, timeout: float = SECONDS) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)) as client:
        client.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return client.getresponse().status


def until_answers(port: int) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            if asked(port, "GET", "/health/live", timeout=5) == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers on {port}")


@contextmanager
def nobody_else_writes() -> Iterator[None]:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="holds an answer up by SQLite's lock")
def test_an_answer_that_is_being_written_is_finished_before_the_stop(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = server
    link = answer_path(invite(sent_at=timezone.now()))
    with ThreadPoolExecutor(1) as pool:
        with nobody_else_writes():
            answer = pool.submit(asked, port, "POST", link, "score=9")
            time.sleep(0.5)
            assert not answer.done()
            process.terminate()
            time.sleep(0.5)
            assert process.poll() is None
        assert answer.result(SECONDS) == 303

    assert process.wait(SECONDS) == 0
    assert list(Response.objects.values_list("score", flat=True)) == [9]
    with pytest.raises(OSError, match="refused"):
        asked(port, "GET", "/health/live")


@contextmanager
def proxy(folder: Path, upstream: int) -> Iterator[int]:
    """Our Caddyfile, on a port without https."""
    port = free_port()
    version = subprocess.check_output([CADDY, "version"], text=True).lstrip("v")
    old = tuple(int(each) for each in version.split(".")[:2]) < (2, 7)
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    (folder / "Caddyfile").write_text(caddyfile.replace("{\n", "{\n\tadmin off\n", 1))
    environment = {
        "KOE_HOST": f"http://127.0.0.1:{port}", "KOE_UPSTREAM": f"127.0.0.1:{upstream}",
        "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
    } | ({"KOE_BUFFER": "buffer_requests"} if old else {})  # fmt: skip
    command = [CADDY, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=log, stderr=log
        )
    try:
        until_answers(port)
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(CADDY is None, reason="Caddy is missing: sudo apt-get install caddy")
def test_a_dozen_slow_senders_hold_no_thread_behind_the_proxy(
    server: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    """Straight to the web server they would hold all of its threads for as long as they like."""
    link = answer_path(invite(sent_at=timezone.now()))
    form = "Content-Type: application/x-www-form-urlencoded"
    head = f"POST {link} HTTP/1.1\r\nHost: 127.0.0.1\r\n{form}\r\nContent-Length: 1000\r\n\r\nscore"
    with proxy(tmp_path, server[1]) as port, ExitStack() as senders:
        for _ in range(SENDERS):
            each = socket.create_connection(("127.0.0.1", port))
            senders.enter_context(each)
            each.sendall(head.encode())
        time.sleep(0.5)
        for path in ("/health/live", "/accounts/login/"):
            assert asked(port, "GET", path, timeout=5) == 200
