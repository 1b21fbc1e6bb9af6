"""Runs processes side by side and leaves none behind, whatever becomes of itself.

Each process has a session of its own. Asked to stop, only its first process is asked: celery and
granian end their own children in good order, whereas a signal to all of them would tear an e-mail
out of a worker's hands. After its grace what is left of its group is killed. Where the supervisor
dies without a word, even by SIGKILL, its watcher does the same.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Collection, Iterable, Mapping

from local import ROOT

# What the others lean on goes last: a worker that finishes its task needs its broker.
FRONT_GRACE = 8
BACKING_GRACE = 4
TAIL = 15
# How soon it is noticed that we shall stop, or that a process has.
POLL_SECONDS = 0.2
# Valkey's advice on kernel settings means servers that carry more than a demo.
UNSAID = "Memory overcommit must be enabled"


class Child:
    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self.process = process
        self.tail: deque[str] = deque(maxlen=TAIL)


class Supervisor:
    def __init__(
        self, *, backing: Collection[str], grace: int = FRONT_GRACE, owner: int | None = None
    ) -> None:
        self.backing = backing
        self.grace = grace
        self.owner = owner
        """Our parent, where we stop when it is gone: `make` may go without a word."""
        self.children: list[Child] = []
        self.asked = False
        self.output = threading.Lock()

    def run(self, commands: Mapping[str, str]) -> int:
        """Until asked to stop, or until one ends by itself; then stop the others. The exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self.stop)
        watch = [sys.executable, "-E", "-m", "local.supervisor", str(self.grace)]
        # Left, it is not told of anything more, and stops what it was told of.
        with subprocess.Popen(
            watch, cwd=ROOT, stdin=subprocess.PIPE, text=True, start_new_session=True
        ) as watcher:
            # What the others lean on starts first.
            for name in sorted(commands, key=lambda name: name not in self.backing):
                self._start(name, commands[name], watcher)
            broken = self._first_to_end()
        return self._report(broken)

    def stop(self, *_: object) -> None:
        self.asked = True

    def say(self, text: str, *, name: str = "koe") -> None:
        try:
            with self.output:
                sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name:<7}| {text}\n")
                sys.stdout.flush()
        except BrokenPipeError:
            self.stop()
        except OSError:
            pass  # A closed terminal must not keep us from stopping.

    def _start(self, name: str, command: str, watcher: subprocess.Popen[str]) -> None:
        # It tells the watcher of itself: we may be killed before we could.
        rank = "backing" if name in self.backing else "front"
        process = subprocess.Popen(
            ["/bin/sh", "-c", f'echo "{rank} $$" >&0; exec {command} </dev/null'],
            cwd=ROOT,
            stdin=watcher.stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.children.append(Child(name, process))
        threading.Thread(target=self._read, args=self.children[-1:], daemon=True).start()
        # A process whose end nobody waits for looks alive to the watcher.
        threading.Thread(target=process.wait, daemon=True).start()

    def _read(self, child: Child) -> None:
        for line in child.process.stdout or ():
            child.tail.append(line.rstrip("\n"))
            if UNSAID not in line:
                self.say(line.rstrip("\n"), name=child.name)

    def _first_to_end(self) -> Child | None:
        """None where we are asked to stop, or our parent is gone."""
        while not self.asked and (self.owner is None or os.getppid() == self.owner):
            for child in self.children:
                if child.process.poll() is not None:
                    return child
            time.sleep(POLL_SECONDS)
        return None

    def _report(self, broken: Child | None) -> int:
        """0 where we were asked to stop, else the exit code of the process that broke."""
        if broken is None:
            self.say("Koe has stopped.")
            return 0
        code = broken.process.returncode
        lines = "\n".join(f"  {line}" for line in list(broken.tail))
        print(
            f"\nKoe stopped because {broken.name} ended by itself (exit code {code}). "
            f"Its last lines:\n{lines or '  (it said nothing)'}",
            file=sys.stderr,
            flush=True,
        )
        return 128 - code if code < 0 else code or 1


def stop_in_order(told: Iterable[str], *, grace: int) -> None:
    """Stop the processes of lines like `front 123`, those called `backing` after the others."""
    processes = [line.split() for line in told]
    for rank, seconds in (("front", grace), ("backing", BACKING_GRACE)):
        numbers = [int(number) for name, number in processes if name == rank]
        deadline = time.monotonic() + seconds
        left = [number for number in numbers if _reached(number, signal.SIGTERM)]
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = [number for number in left if _reached(number, 0)]
        for number in numbers:
            _reached(-number, signal.SIGKILL)


def _reached(number: int, signal_number: int) -> bool:
    """A process, or by a negative number its group."""
    try:
        os.kill(number, signal_number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    # Ends when whoever tells the processes is gone.
    stop_in_order(list(sys.stdin), grace=int(sys.argv[1]))
