from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from local import ROOT
from local.supervisor import stop_in_order

SUPERVISED = """
import sys
from local.supervisor import Supervisor
commands = dict(zip(sys.argv[2::2], sys.argv[3::2]))
sys.exit(Supervisor(backing={"broker"}, essential="web", grace=int(sys.argv[1])).run(commands))
"""
# As `make` does: it starts the supervisor and is there as long as it is.
OWNER = """
import os, subprocess, sys
code = "import os, sys; from local.supervisor import Supervisor; "
code += "sys.exit(Supervisor(backing=(), owner=os.getppid()).run({'worker': sys.argv[1]}))"
subprocess.run([sys.executable, "-c", code, sys.argv[1]])
"""
NOTE = (
    '/bin/sh -c \'trap "echo {name} >> {log}; exit 0" TERM; echo up; '
    "for n in $(seq 300); do sleep 0.1; done'"
)
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
    # Not longer: a signal that comes just before it is handled just after it.
    time.sleep(0.05)
"""


def start(*, grace: int = 8, **commands: str) -> subprocess.Popen[str]:
    words = [word for pair in commands.items() for word in pair]
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, str(grace), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stack(log: Path, **more: str) -> subprocess.Popen[str]:
    noted = {name: NOTE.format(name=name, log=log) for name in ("worker", "broker")}
    return start(**noted, **more)


def family(folder: Path, *, manner: str, grace: int = 8) -> subprocess.Popen[str]:
    supervisor = start(grace=grace, worker=family_command(folder, manner=manner))
    wait_for_family(folder)
    return supervisor


def family_command(folder: Path, *, manner: str) -> str:
    program = folder / "family.py"
    program.write_text(FAMILY)
    return f"{sys.executable} {program} {folder} {manner}"


def wait_for_family(folder: Path) -> None:
    wait_until(lambda: (folder / "first.pid").exists() and (folder / "child.pid").exists())


def is_alive(folder: Path, name: str) -> bool:
    try:
        state = Path(f"/proc/{(folder / f'{name}.pid').read_text()}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def wait_until(condition: Callable[[], bool], *, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_for_lines(process: subprocess.Popen[str], end: str, count: int) -> None:
    for line in process.stdout or ():
        count -= line.endswith(end)
        if count == 0:
            return


def test_the_broker_goes_last(tmp_path: Path) -> None:
    supervisor = stack(tmp_path / "log")
    wait_for_lines(supervisor, "| up\n", 2)

    supervisor.terminate()

    said, _ = supervisor.communicate(timeout=15)
    assert (tmp_path / "log").read_text() == "worker\nbroker\n"
    assert supervisor.returncode == 0
    assert said.endswith("Koe has stopped.\n")


def test_a_stop_while_it_starts_stops_all_the_same(tmp_path: Path) -> None:
    supervisor = stack(tmp_path / "log")
    wait_for_lines(supervisor, "| up\n", 1)

    started = time.monotonic()
    supervisor.terminate()

    supervisor.communicate(timeout=15)
    assert supervisor.returncode == 0
    assert time.monotonic() - started < 10


def test_a_signal_in_the_middle_of_a_line_stops_all_the_same(tmp_path: Path) -> None:
    supervisor = stack(tmp_path / "log", web="yes")
    wait_for_lines(supervisor, "| up\n", 2)

    supervisor.terminate()

    supervisor.communicate(timeout=15)
    assert supervisor.returncode == 0
    assert (tmp_path / "log").read_text() == "worker\nbroker\n"


def test_a_reader_that_goes_away_stops_all(tmp_path: Path) -> None:
    supervisor = stack(tmp_path / "log", web="yes")
    wait_for_lines(supervisor, "| up\n", 2)

    assert supervisor.stdout
    assert supervisor.stderr
    supervisor.stdout.close()

    supervisor.wait(timeout=15)
    supervisor.stderr.close()
    assert (tmp_path / "log").read_text() == "worker\nbroker\n"


def test_pages_that_never_come_up_stop_the_others_and_are_named(tmp_path: Path) -> None:
    web = "/bin/sh -c 'sleep 0.3; echo the disk is on fire; exit 3'"
    supervisor = stack(tmp_path / "log", web=web)

    said, errors = supervisor.communicate(timeout=15)

    assert supervisor.returncode == 3
    assert said.count("web ended (exit code 3) and is started again in") == 2
    assert errors == (
        "\nKoe stopped because web ended by itself (exit code 3). Its last lines:\n"
        "  the disk is on fire\n"
    )
    assert (tmp_path / "log").read_text() == "worker\nbroker\n"


def test_what_ends_is_started_again_after_a_longer_and_longer_pause(tmp_path: Path) -> None:
    slow = f"/bin/sh -c 'date +%s%N >> {tmp_path}/starts; kill -9 $$'"
    supervisor = stack(tmp_path / "log", slow=slow, web="/bin/sleep 100")
    wait_for_lines(supervisor, "| slow ended (exit code -9) and is started again in 2 s.\n", 1)

    supervisor.terminate()

    supervisor.communicate(timeout=15)
    starts = [int(line) / 1e9 for line in (tmp_path / "starts").read_text().splitlines()]
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses[0] >= 0.5
    assert pauses[1] >= 1.0
    # Web and all others went on meanwhile, and stopped in order.
    assert (supervisor.returncode, (tmp_path / "log").read_text()) == (0, "worker\nbroker\n")


def test_the_number_of_a_process_that_is_gone_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen(["/bin/sleep", "100"], start_new_session=True)

    stop_in_order([f"front {other.pid}\n", f"gone {other.pid}\n"], grace=1)

    assert other.poll() is None
    stop_in_order([f"gone {other.pid}", f"front {other.pid}"], grace=1)
    assert other.wait(timeout=5) == -15


@pytest.mark.parametrize(
    ("code", "expected"), [("raise SystemExit(7)", 7), ("import os; os.kill(os.getpid(), 9)", 137)]
)
def test_how_a_process_ended_is_passed_on(code: str, expected: int) -> None:
    supervisor = start(web=f"{sys.executable} -c '{code}'")

    supervisor.communicate(timeout=15)

    assert supervisor.returncode == expected


def test_only_the_first_process_is_asked_and_nothing_is_left_behind(tmp_path: Path) -> None:
    supervisor = family(tmp_path, manner="polite")

    supervisor.terminate()

    supervisor.communicate(timeout=15)
    assert supervisor.returncode == 0
    assert (tmp_path / "first.asked").exists()
    assert not (tmp_path / "child.asked").exists()
    wait_until(lambda: not is_alive(tmp_path, "child"))


def test_what_does_not_stop_is_killed(tmp_path: Path) -> None:
    supervisor = family(tmp_path, manner="stubborn", grace=1)

    supervisor.terminate()

    supervisor.communicate(timeout=15)
    assert (tmp_path / "first.asked").exists()
    wait_until(lambda: not is_alive(tmp_path, "first") and not is_alive(tmp_path, "child"))


@pytest.mark.parametrize(("manner", "grace"), [("polite", 8), ("stubborn", 1)])
def test_a_killed_supervisor_takes_everything_along(
    tmp_path: Path, manner: str, grace: int
) -> None:
    supervisor = family(tmp_path, manner=manner, grace=grace)

    supervisor.kill()

    wait_until(lambda: not is_alive(tmp_path, "first") and not is_alive(tmp_path, "child"))
    supervisor.communicate(timeout=15)
    assert (tmp_path / "first.asked").exists()
    assert not (tmp_path / "child.asked").exists()


def test_an_owner_that_goes_without_a_word_takes_everything_along(tmp_path: Path) -> None:
    command = family_command(tmp_path, manner="polite")
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, command], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    wait_for_family(tmp_path)

    owner.kill()

    # Its pipe closes when the supervisor has ended, too.
    said, _ = owner.communicate(timeout=15)
    assert said.endswith("Koe has stopped.\n")
    assert (tmp_path / "first.asked").exists()
    assert not is_alive(tmp_path, "first")
    wait_until(lambda: not is_alive(tmp_path, "child"))


def test_a_supervisor_killed_in_the_middle_of_a_start_leaves_nothing_behind(tmp_path: Path) -> None:
    command = family_command(tmp_path, manner="polite")
    # What it does next to starting a process is to start the thread that reads its output.
    code = (
        "import os, sys, time; from local import supervisor; "
        "supervisor.threading.Thread = lambda **_: (time.sleep(1), os.kill(os.getpid(), 9)); "
        "supervisor.Supervisor(backing=()).run({'worker': sys.argv[1]})"
    )
    subprocess.run([sys.executable, "-c", code, command], cwd=ROOT, check=False, timeout=15)
    wait_for_family(tmp_path)

    wait_until(lambda: not is_alive(tmp_path, "first") and not is_alive(tmp_path, "child"))
