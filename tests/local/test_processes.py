from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from local.environment import ROOT

STACK = """
import sys
from local.processes import Stack
stack = Stack(backing={"broker"})
note = (
    'trap "echo NAME >> LOG; exit 0" TERM; echo up; '
    'for n in $(seq 300); do sleep 0.1; done'
)
for name in ("broker", "worker"):
    stack.add_process(name, note.replace("NAME", name).replace("LOG", sys.argv[1]))
if sys.argv[2]:
    stack.add_process("web", sys.argv[2])
stack.loop()
sys.exit(stack.report())
"""


REFUSE = """
from honcho.printer import Printer
write = Printer.write
def refuse(printer, message):
    if "SIGTERM received" in str(message.data):
        raise RuntimeError("reentrant call inside <_io.BufferedWriter name='<stdout>'>")
    write(printer, message)
Printer.write = refuse
"""


def start(log: Path, *, web: str = "", before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", before + STACK, str(log), web],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_stopped_stack_lets_the_broker_go_last(tmp_path: Path) -> None:
    stack = start(tmp_path / "log")
    seen = 0
    for line in stack.stdout or ():
        seen += line.endswith("| up\n")
        if seen == 2:
            break

    stack.terminate()

    said, _ = stack.communicate(timeout=15)
    assert (tmp_path / "log").read_text() == "worker\nbroker\n"
    assert stack.returncode == 0
    assert said.endswith("Koe has stopped.\n")


def test_a_stack_stopped_while_it_starts_stops_all_the_same(tmp_path: Path) -> None:
    stack = start(tmp_path / "log")
    line = stack.stdout.readline() if stack.stdout else ""
    assert " started (pid=" in line

    started = time.monotonic()
    stack.terminate()

    stack.communicate(timeout=15)
    assert stack.returncode == 0
    assert time.monotonic() - started < 10


def test_a_signal_in_the_middle_of_a_line_stops_all_the_same(tmp_path: Path) -> None:
    """honcho writes in its signal handler, which Python refuses while a line is being written."""
    stack = start(tmp_path / "log", before=REFUSE)
    for line in stack.stdout or ():
        if line.endswith("| up\n"):
            break

    stack.terminate()

    stack.communicate(timeout=15)
    assert stack.returncode == 0
    assert "broker\n" in (tmp_path / "log").read_text()


def test_a_process_that_breaks_stops_the_stack_and_is_named(tmp_path: Path) -> None:
    stack = start(tmp_path / "log", web="sleep 0.5; echo the disk is on fire; exit 3")

    _, errors = stack.communicate(timeout=15)

    assert stack.returncode == 3
    assert errors == (
        "\nKoe stopped because web ended by itself (exit code 3). Its last lines:\n"
        "  the disk is on fire\n"
    )
    assert (tmp_path / "log").read_text() == "worker\nbroker\n"
