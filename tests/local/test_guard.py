from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from local.environment import ROOT
from local.guard import SUPERVISOR

# A process with a child of its own, both of which write down that they were asked to stop.
FAMILY = """
import os, pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[1])
stubborn = sys.argv[2] == "stubborn"
name = "child" if os.fork() == 0 else "first"
def stop(*_):
    (folder / f"{name}.asked").touch()
    if not stubborn:
        os._exit(0)
signal.signal(signal.SIGTERM, stop)
(folder / f"{name}.pid.part").write_text(str(os.getpid()))
(folder / f"{name}.pid.part").rename(folder / f"{name}.pid")
while True:
    time.sleep(60)
"""


def start(folder: Path, *, manner: str, supervisor: int, grace: int = 8) -> subprocess.Popen[bytes]:
    command = ["-m", "local.guard", str(grace), sys.executable, "-c", FAMILY, str(folder), manner]
    guard = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, SUPERVISOR: str(supervisor)}
    )
    wait_until(lambda: (folder / "first.pid").exists() and (folder / "child.pid").exists())
    return guard


def is_alive(folder: Path, name: str) -> bool:
    try:
        state = Path(f"/proc/{(folder / f'{name}.pid').read_text()}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def wait_until(condition, *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_guard_asks_only_the_first_process_and_leaves_nothing_behind(tmp_path: Path) -> None:
    guard = start(tmp_path, manner="polite", supervisor=os.getpid())

    guard.terminate()

    assert guard.wait(timeout=10) == 0
    assert (tmp_path / "first.asked").exists()
    assert not (tmp_path / "child.asked").exists()
    wait_until(lambda: not is_alive(tmp_path, "child"))


def test_guard_kills_what_does_not_stop(tmp_path: Path) -> None:
    guard = start(tmp_path, manner="stubborn", supervisor=os.getpid(), grace=1)

    guard.terminate()

    guard.wait(timeout=10)
    assert (tmp_path / "first.asked").exists()
    wait_until(lambda: not is_alive(tmp_path, "first") and not is_alive(tmp_path, "child"))


def test_a_killed_supervisor_takes_everything_along(tmp_path: Path) -> None:
    supervisor = subprocess.Popen(["sleep", "60"])
    guard = start(tmp_path, manner="polite", supervisor=supervisor.pid)

    supervisor.kill()

    # Not yet collected by us: a zombie must count as dead.
    assert guard.wait(timeout=10) == 0
    supervisor.wait()
    wait_until(lambda: not is_alive(tmp_path, "first") and not is_alive(tmp_path, "child"))


def test_a_killed_guard_takes_its_process_along(tmp_path: Path) -> None:
    guard = start(tmp_path, manner="polite", supervisor=os.getpid())

    guard.kill()
    guard.wait()

    wait_until(lambda: not is_alive(tmp_path, "first"))
    os.kill(int((tmp_path / "child.pid").read_text()), signal.SIGKILL)


def test_guard_passes_on_how_its_process_ended() -> None:
    command = [sys.executable, "-m", "local.guard", "1", sys.executable, "-c"]

    assert subprocess.call([*command, "raise SystemExit(7)"], cwd=ROOT) == 7
    assert subprocess.call([*command, "import os; os.kill(os.getpid(), 9)"], cwd=ROOT) == 137
