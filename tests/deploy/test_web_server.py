"""The web server as its unit and the Procfile start it: its stop, and that nobody slow stops it."""

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
    with running(line.partition("=")[2].replace("8000", "$PORT"), tmp_path) as started:
        yield started


@pytest.fixture
def plain_server(tmp_path: Path, transactional_db: None) -> Iterator[int]:
    """As `make run` has it, with no proxy before it."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    with running(dict(line.split(": ", 1) for line in lines)["web"], tmp_path) as (_, port):
        yield port


@contextmanager
def running(line: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    program, *options = shlex.split(line.replace("$PORT", str(port)))
    environment = {
        "DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY,
        "KOE_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
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


HEADS = {
    # A body that goes on for as long as its sender likes; a head that does; an answer that is not
    # read: it is longer than what the line between them holds.
    "body": "POST {link} HTTP/1.1\r\nHost: 127.0.0.1\r\n{form}\r\nContent-Length: 1000\r\n\r\n"
    "score",
    "headers": "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "answer": "GET /static/vendor/noto-sans-cjk/KoeSansJP-Regular.otf HTTP/1.1\r\n"
    "Host: 127.0.0.1\r\n\r\n",
}
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.mark.parametrize("slow", HEADS)
def test_slow_ones_hold_no_thread_without_a_proxy(plain_server: int, slow: str) -> None:
    link = answer_path(invite(sent_at=timezone.now()))
    quick = answer_path(invite(sent_at=timezone.now()))
    head = HEADS[slow].format(link=link, form=FORM).encode()
    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        senders = [stack.enter_context(connected(plain_server, head)) for _ in range(2 * SENDERS)]
        dripping = pool.submit(drip, senders, 3) if slow != "answer" else None
        for path in ("/health/live", "/accounts/login/"):
            assert asked(plain_server, "GET", path, timeout=5) == 200
        assert asked(plain_server, "POST", quick, "score=9", timeout=5) == 303
        assert dripping is None or dripping.result() == len(senders)


def test_a_head_that_does_not_end_is_cut_off(plain_server: int) -> None:
    with connected(plain_server, HEADS["headers"].encode()) as sender:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and drip([sender], 1):
            pass
        assert time.monotonic() < end


@contextmanager
def connected(port: int, sent: bytes) -> Iterator[socket.socket]:
    with socket.socket() as each:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        each.connect(("127.0.0.1", port))
        each.sendall(sent)
        yield each


def drip(senders: list[socket.socket], seconds: int) -> int:
    """A byte a second by each; how many are still let."""
    for _ in range(seconds):
        time.sleep(1)
        senders = [each for each in senders if sends(each)]
    return len(senders)


def sends(sender: socket.socket) -> bool:
    try:
        sender.sendall(b"x")
    except OSError:
        return False
    return True


@contextmanager
def proxy(folder: Path, upstream: int) -> Iterator[int]:
    """Our Caddyfile, on a port without https."""
    port = free_port()
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    (folder / "Caddyfile").write_text(caddyfile.replace("{\n", "{\n\tadmin off\n", 1))
    environment = {
        "KOE_HOST": f"http://127.0.0.1:{port}", "KOE_UPSTREAM": f"127.0.0.1:{upstream}",
        "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
    }  # fmt: skip
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
    link = answer_path(invite(sent_at=timezone.now()))
    head = HEADS["body"].format(link=link, form=FORM)
    with proxy(tmp_path, server[1]) as port, ExitStack() as senders:
        for _ in range(SENDERS):
            each = socket.create_connection(("127.0.0.1", port))
            senders.enter_context(each)
            each.sendall(head.encode())
        time.sleep(0.5)
        for path in ("/health/live", "/accounts/login/"):
            assert asked(port, "GET", path, timeout=5) == 200
