"""A whole Koe of its own: database, worker, web server and mail sink, each a real process."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from celery import Celery

from tests.servers.services import free_port
from tests.servers.sink import Received

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "config.settings"
MIGRATE = ("migrate", "--verbosity", "0")
# What a request from the outside may change.
TABLES = (
    "surveys_invitation", "surveys_response", "surveys_responsechange", "surveys_intent",
    "surveys_slot", "accounts_suppression", "accounts_auditevent", "django_session",
)  # fmt: skip


@contextmanager
def database(kind: str, *, folder: Path, server: str | None) -> Iterator[str]:
    """The address of an empty database."""
    if server is None:
        yield f"sqlite:///{folder / f'{kind}.sqlite3'}"
        return
    name = f"koe_flow_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urllib.parse.urlunsplit(urllib.parse.urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Koe:
    def __init__(self, *, folder: Path, database_url: str, smtp_port: int, redis_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.redis_url = redis_url
        self.port = free_port()
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "SECRET_KEY": "flows-only-" * 6,
            "KOE_VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "PORT": str(self.port),
            "ORGANISATION_NAME": "Soraneri Works",
        }

    def manage(self, *arguments: str) -> str:
        """A command's output; any other end than 0 fails the test with what it said."""
        return self._run(["manage.py", *arguments])

    def manage_all(self, *commands: tuple[str, ...]) -> str:
        """Several commands by the same way in, without starting Python for each of them."""
        arguments = [["manage.py", *command] for command in commands]
        return self._run(
            ["-c", f"import manage, sys\nfor sys.argv in {arguments!r}: manage.main()"]
        )

    def _run(self, arguments: list[str]) -> str:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert result.returncode == 0, f"{arguments}:\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self.manage(*arguments))

    @contextmanager
    def processes(self) -> Iterator[None]:
        """The worker and the web server, as the Procfile has them; all of it ends with the test."""
        celery = ["-m", "celery", "--quiet", "--app", "config", "worker", "--concurrency", "1"]
        quiet = ["--loglevel", "INFO", "--without-mingle", "--without-gossip"]
        web = ["-m", "granian", "--interface", "asginl", "--port", str(self.port), "--no-ws"]
        with (
            self._process("worker", [*celery, *quiet]),
            self._process("web", [*web, "config.asgi:application"]),
        ):
            until(lambda: self.get("/health/live")[0] == 200, seconds=40, what="the web server")
            yield

    @contextmanager
    def _process(self, name: str, arguments: list[str]) -> Iterator[None]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
            try:
                yield
            finally:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()

    def tick(self, *tasks: str) -> None:
        """What beat does every minute."""
        with Celery(broker=self.redis_url) as app:
            for task in tasks:
                app.send_task(task)

    def get(self, address: str) -> tuple[int, str]:
        return self._request(address, None)

    def post(self, address: str, **form: str) -> tuple[int, str]:
        """The status and, for a redirection, where to; else the page."""
        return self._request(address, urllib.parse.urlencode(form).encode())

    def _request(self, address: str, body: bytes | None) -> tuple[int, str]:
        url = urllib.parse.urljoin(f"http://127.0.0.1:{self.port}/", address)
        try:
            with _OPENER.open(urllib.request.Request(url, data=body), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get("Location") or answer.read().decode()
        except OSError:
            return 0, ""

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the tables that survey pages can write to."""
        if self.database_url.startswith("sqlite:///"):
            path = self.database_url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=30)) as connection:
                return {name: connection.execute(_all(name)).fetchall() for name in TABLES}
        with psycopg.connect(self.database_url) as connection:
            return {name: connection.execute(_all(name)).fetchall() for name in TABLES}


def _all(table: str) -> str:
    return f"SELECT * FROM {table} ORDER BY 1"


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirection)


def until(holds: Callable[[], bool], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.1)


def part(mail: Received, kind: str) -> str:
    body = mail.message.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def answer_link(mail: Received, *, score: int) -> str:
    """The address behind a number in the mail's HTML."""
    found = re.search(rf'href="([^"]*/s/[^"]+[?]score={score})"', part(mail, "html"))
    assert found
    return found[1].replace("&amp;", "&")


def opt_out_link(mail: Received) -> str:
    """The address a mail program posts to when somebody presses its own unsubscribe button."""
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.search(r"<(https?://[^>]+)>", str(mail.message["List-Unsubscribe"]))
    assert found
    return found[1]
