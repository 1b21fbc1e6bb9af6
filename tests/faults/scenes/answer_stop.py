"""R30: PostgreSQL is stopped at once while an answer is being written, and started again.

A process of its own, because its database is a server that it may stop:
`DATABASE_URL=… python -m tests.faults.scenes.answer_stop PROGRAMS DATA LOG [USER]`.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import django
import psycopg
from django.db import connection

from tests.servers.tables import make_tables

SECONDS = 30


def main(programs: str, data: str, log: str, user: str = "") -> None:
    from tests.surveys.helpers.invited import answer_path, invite

    def pg_ctl(*arguments: str) -> None:
        command = [f"{programs}/pg_ctl", "-D", data, "-w", "-l", log, *arguments]
        subprocess.run(command, check=True, user=user or None, stdout=subprocess.DEVNULL, cwd="/")

    make_tables()
    from django.utils import timezone

    now = timezone.now()
    early, caught = (invite(sent_at=now) for _ in range(2))
    with served() as port, ThreadPoolExecutor(1) as pool:
        assert post(port, answer_path(early), score=9) == 303
        with locked_responses():
            waiting = pool.submit(post, port, answer_path(caught), score=2)
            wait_until_blocked()
            connection.close()
            pg_ctl("stop", "-m", "immediate")
        refused = waiting.result(SECONDS)
        pg_ctl("start")
        # What was acknowledged is on disk; what was not has left nothing.
        assert scores() == {early.pk: 9}, scores()
        assert refused >= 500, refused
        assert post(port, answer_path(caught), score=2) == 303
        assert scores() == {early.pk: 9, caught.pk: 2}
    sys.stdout.write(f"refused with {refused}\n")


@contextmanager
def served() -> Iterator[int]:
    """The web server that Koe runs on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [*("granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port))]
    command += ["--workers", "1", "--no-ws", "config.asgi:application"]
    server = subprocess.Popen([sys.executable, "-m", *command])
    try:
        wait(lambda: reachable(port))
        yield port
    finally:
        server.terminate()
        server.wait()


def reachable(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def post(port: int, path: str, *, score: int) -> int:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    client.request("POST", path, f"score={score}", headers)
    return client.getresponse().status


@contextmanager
def locked_responses() -> Iterator[None]:
    """Nobody can write an answer; the lock ends with its server."""
    holder = psycopg.connect(**psycopg_parameters())
    holder.execute("LOCK TABLE surveys_response IN EXCLUSIVE MODE")
    yield
    holder.close()


def psycopg_parameters() -> dict[str, Any]:
    given = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    return {name: given[key] for name, key in names.items()}


def wait_until_blocked() -> None:
    def blocked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            return bool(cursor.fetchone()[0])

    wait(blocked)


def wait(condition: Any) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {SECONDS} s")
        time.sleep(0.05)


def scores() -> dict[int, int]:
    from surveys.models import Response

    return dict(Response.objects.values_list("invitation_id", "score"))


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
