"""Services that tests need beside Python: found, else started, else the test is skipped by name.

With CI=true nothing is skipped: a service that is missing there is a failure.
"""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
import redis

from local import valkey
from local.errors import SetupError
from tests.servers import machine

_chance = random.SystemRandom()
TRUSTED = "postgresql://postgres@127.0.0.1:5432/postgres"


def missing(service: str, *, remedy: str) -> NoReturn:
    """End the test: skipped with a line that says what it lacks, failed on CI."""
    line = f"{service} is missing: {remedy}"
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(f"{line} (with CI=true this is a failure)", pytrace=False)
    pytest.skip(line)


def free_port(*distances: int) -> int:
    """A port that nobody has, nor those at these distances from it.

    Below those that Linux gives to connections, which could take it before it is listened on.
    """
    while True:
        port = _chance.randrange(15_000, 32_000)
        if all(_is_free(port + each) for each in (0, *distances)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL where databases may be made: the given one, the machine's, else our own."""
    for url in (os.environ.get("TEST_POSTGRES_URL"), TRUSTED):
        if url and _postgres_answers(url):
            yield url
            return
    programs = machine.postgres_programs()
    if programs is None:
        missing("PostgreSQL", remedy="set TEST_POSTGRES_URL or run sudo apt-get install postgresql")
    with own_postgres(programs) as url:
        yield url


def _postgres_answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=3):
        return True
    return False


@contextmanager
def own_postgres(programs: Path) -> Iterator[str]:
    """A throw-away server without durability."""
    folder = Path(tempfile.mkdtemp(prefix="koe-postgres-"))
    # PostgreSQL refuses to run as root.
    user = _unprivileged() if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    port = free_port()
    data = folder / "data"
    initdb: list[Any] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    subprocess.run([*initdb, "--no-sync"], user=user, check=True, capture_output=True, cwd=folder)
    settings: list[Any] = [
        "-c",
        "fsync=off",
        "-c",
        "full_page_writes=off",
        "-c",
        "synchronous_commit=off",
    ]
    listen: list[Any] = ["-h", "127.0.0.1", "-p", str(port), "-k", folder]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *listen, *settings],
            user=user,
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        _wait(lambda: _postgres_answers(url), server=server, log=folder / "log")
        yield url
    finally:
        # SIGINT is PostgreSQL's fast shut-down; SIGTERM would wait for open connections.
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey of our own, which the tests may flush; TEST_REDIS_URL where none can be started."""
    try:
        program = valkey.binary()
    except SetupError as error:
        if os.environ.get("TEST_REDIS_URL"):
            yield os.environ["TEST_REDIS_URL"]
            return
        missing("Valkey or Redis", remedy=f"set TEST_REDIS_URL ({error})")
    port = free_port()
    folder = tmp_path_factory.mktemp("valkey")
    log = folder / "log"
    with log.open("wb") as output:
        command = [program, *valkey.arguments(port=port, folder=folder)]
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait(lambda: _redis_answers(port), server=server, log=log)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _redis_answers(port: int) -> bool:
    with suppress(redis.ConnectionError), redis.Redis(port=port) as client:
        return bool(client.ping())
    return False


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that starts."""
    path = machine.chromium()
    if path is None:
        missing("Chromium", remedy="run sudo apt-get install chromium")
    return path


def _wait(answers: Callable[[], bool], *, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while not answers():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{server.args!r} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)
