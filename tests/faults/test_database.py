from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rig.stack import ROOT
from tests.servers import machine
from tests.servers.services import _unprivileged, free_port, missing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


@pytest.fixture
def cluster() -> Iterator[dict[str, str]]:
    """A PostgreSQL of our own with its durability on: what it committed survives the stop."""
    programs = machine.postgres_programs()
    if programs is None:
        missing("PostgreSQL's initdb", remedy="run sudo apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="koe-stopped-"))
    user = _unprivileged() if os.geteuid() == 0 else ""
    if user:
        shutil.chown(folder, user)
    data, log, port = folder / "data", folder / "log", free_port()
    owner = {"user": user or None, "cwd": "/", "check": True, "stdout": subprocess.DEVNULL}
    initdb = [f"{programs}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--no-sync"], **owner)
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(f"port = {port}\nlisten_addresses = '127.0.0.1'\n")
        conf.write(f"unix_socket_directories = '{folder}'\n")
    pg_ctl = [f"{programs}/pg_ctl", "-D", data, "-w", "-l", log]
    subprocess.run([*pg_ctl, "start"], **owner)
    yield {
        "url": f"postgres://postgres@127.0.0.1:{port}/postgres",
        "programs": str(programs),
        "data": str(data),
        "log": str(log),
        "user": user,
    }
    subprocess.run([*pg_ctl, "stop", "-m", "immediate"], **owner | {"check": False})
    shutil.rmtree(folder, ignore_errors=True)


def run(module: str, *arguments: str, cluster: dict[str, str], folder: Path) -> str:
    """A process that may stop the database it works on; what it printed."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", f"tests.faults.scenes.{module}"),
            *(*(cluster[name] for name in ("programs", "data", "log")), *arguments),
            cluster["user"],
        ],
        env={
            **os.environ,
            "DATABASE_URL": cluster["url"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "KOE_VAR_DIR": str(folder),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-6000:]
    return done.stdout


def test_stopped_database_doubles_nothing_and_workers_recover_unaided(cluster, redis_url, tmp_path):
    output = run("database_stop", redis_url, str(tmp_path), cluster=cluster, folder=tmp_path)

    assert "'sent': " in output


def test_database_stopped_in_an_answer_leaves_what_was_acknowledged_and_nothing_else(
    cluster, tmp_path
):
    output = run("answer_stop", cluster=cluster, folder=tmp_path)

    assert "refused with 5" in output
