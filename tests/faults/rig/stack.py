"""Real workers and beats on a real broker and a recording mail server, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST
from surveys.models import Attempt, Invitation
from surveys.queries.delivery import balances, findings
from surveys.sending import sweep
from tests.servers.services import free_port

ROOT = Path(__file__).resolve().parents[3]


class Stack:
    def __init__(
        self,
        *,
        folder: Path,
        redis_url: str,
        delay: float = 0.03,
        server: Sequence[str] = (),
        **env: str,
    ) -> None:
        """`server`: module and arguments of another mail server than the one that takes all."""
        self.folder = folder
        self.redis_url = redis_url
        self.sink_log = folder / "accepted.tsv"
        self.sink_log.touch()
        self.sink_port = free_port()
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink_port}",
            "SECRET_KEY": settings.SECRET_KEY,
            "KOE_VAR_DIR": str(folder),
            **env,
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        self.flush_broker()
        recording = ("tests.servers.sink", "--log", str(self.sink_log), "--delay", str(delay))
        self.sink = self._start(*(server or recording), "--port", str(self.sink_port))

    # --- starting and stopping

    def start_sink(self, log: Path) -> int:
        """Another recording mail server; its port."""
        log.touch()
        port = free_port()
        self._start("tests.servers.sink", "--log", str(log), "--port", str(port))
        return port

    def start_worker(
        self, *, children: int = 2, log: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """`env`: what is otherwise there than on the other machines."""
        name = f"w{len(self._processes)}@%h"
        return self._start(
            # Quiet: Celery's banner is no part of what a full disk for logs must not stop.
            *("celery", "--quiet", "-A", "tests.faults.rig.app", "worker", "-c", str(children)),
            *("-n", name),
            *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
            "--without-heartbeat",
            log=log,
            env=env,
        )

    def start_beat(self, *, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        folder = Path({**self.env, **(env or {})}["KOE_VAR_DIR"])
        schedule = folder / f"beat{len(self._processes)}"
        return self._start(
            *("celery", "-A", "tests.faults.rig.app", "beat", "--loglevel", "WARNING"),
            *("--schedule", str(schedule), "--pidfile", ""),
            env=env,
        )

    def _start(
        self, *module: str, log: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        output = (log or self.folder / f"{len(self._processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            env={**self.env, **(env or {})},
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        output.close()
        self._processes.append(process)
        return process

    def stop(self) -> None:
        for process in self._processes:
            kill_all(process)

    def flush_broker(self) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    # --- looking

    def accepted(self) -> list[str]:
        return [line.split("\t")[1] for line in self.sink_log.read_text().splitlines()]

    def wait(self, condition: Callable[[], bool], *, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                logs = "\n".join(
                    f"--- {path.name}\n{path.read_text()[-1500:]}"
                    for path in sorted(self.folder.glob("*.log"))
                )
                raise AssertionError(f"waited {seconds} s; states {states()}\n{logs}")
            time.sleep(0.1)

    def wait_until_all_tried(self, *, seconds: float = 120) -> None:
        """Nothing waits any more, and what kills left in `sending` is told apart and settled."""
        under_way = {"queued", "retry", "sending"}
        self.wait(lambda: not under_way & set(states()), seconds=seconds)

    def check(self, *, most_unknown: int) -> Counter[str]:
        """What must hold after every fault, once the sweep has come by."""
        accepted = self.accepted()
        doubled = [each for each, times in Counter(accepted).items() if times > 1]
        assert doubled == []
        sweep(now=timezone.now() + IN_FLIGHT_AT_MOST + IN_FLIGHT_AT_MOST / 15)
        found = states()
        assert set(found) <= {"sent", "unknown"}, found
        assert found["unknown"] <= most_unknown
        ids = dict(Invitation.objects.values_list("message_id", "state"))
        assert set(accepted) <= set(ids)
        sent = {message_id for message_id, state in ids.items() if state == "sent"}
        assert sent <= set(accepted)
        assert all(each.holds for each in balances())
        assert list(findings(now=timezone.now())) == []
        assert not Attempt.objects.filter(outcome="").exists()
        return found


def states() -> Counter[str]:
    return Counter(Invitation.objects.order_by().values_list("state", flat=True))


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in path.read_text().split()] if path.exists() else []


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """The whole process group at once: no parent lives to clean up after its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    user, host, port = given["USER"], given["HOST"] or "127.0.0.1", given["PORT"] or 5432
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{user}{password}@{host}:{port}/{given['NAME']}"
