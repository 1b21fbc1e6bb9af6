"""The broker's process is killed and comes back with nothing."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from benchmarks.sending import queue_invitations
from local import valkey
from local.errors import SetupError
from tests.faults.rig.stack import Stack, states
from tests.servers.services import free_port, missing

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]


class Broker:
    def __init__(self, *, folder: Path) -> None:
        try:
            self.program = valkey.binary()
        except SetupError as trouble:
            missing("Valkey or Redis", remedy=str(trouble))
        self.port = free_port()
        self.folder = folder
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        arguments = valkey.arguments(port=self.port, folder=self.folder)
        self.process = subprocess.Popen(
            [self.program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while True:
            with redis.Redis(port=self.port) as client:
                try:
                    client.ping()
                except redis.ConnectionError:
                    continue
                return

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def forget(self) -> None:
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()


@pytest.fixture
def broker(tmp_path_factory) -> Iterator[Broker]:
    started = Broker(folder=tmp_path_factory.mktemp("broker"))
    yield started
    started.kill()


def test_killed_broker_that_restarts_empty_loses_and_doubles_nothing(broker, tmp_path):
    """R35: workers and beat find it again by themselves, also while they hold tasks of it."""
    queue_invitations(300)
    koe = Stack(folder=tmp_path, redis_url=broker.url)
    try:
        koe.start_beat()
        worker = koe.start_worker()
        for _ in range(3):
            before = states()["sent"]
            koe.wait(lambda before=before: states()["sent"] > before + 5)  # type: ignore[misc]
            broker.kill()
            broker.forget()
            broker.start()
        koe.wait_until_all_tried(seconds=90)

        assert worker.poll() is None
        assert koe.check(most_unknown=0)["sent"] == 300
    finally:
        koe.stop()


# A replica after a failover, one whose memory is full, and one that refuses writes for another
# reason, as it does when it cannot save (MISCONF): each with what ends it.
REFUSALS = {
    "readonly": (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
    "full": (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    "misconf": (
        ("CONFIG", "SET", "min-replicas-to-write", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "0"),
    ),
}


def test_a_broker_that_takes_no_changes_for_a_while_ends_neither_worker_nor_beat(broker, tmp_path):
    queue_invitations(80)
    koe = Stack(folder=tmp_path, redis_url=broker.url, delay=0.1)
    try:
        beat, worker = koe.start_beat(), koe.start_worker()
        koe.wait(lambda: states()["sent"] > 0)
        with redis.Redis(port=broker.port) as client:
            for refuses, takes_again in REFUSALS.values():
                client.execute_command(*refuses)
                time.sleep(1)
                assert (worker.poll(), beat.poll()) == (None, None)
                client.execute_command(*takes_again)
        koe.wait_until_all_tried(seconds=60)

        assert koe.check(most_unknown=0)["sent"] == 80
    finally:
        koe.stop()
