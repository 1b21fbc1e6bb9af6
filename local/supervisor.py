"""Runs processes side by side and leaves none behind, whatever becomes of itself.

Each process has a session of its own. Asked to stop, only its first process is asked: celery and
granian end their own children in good order, whereas a signal to all of them would tear an e-mail
out of a worker's hands. After its grace what is left of its group is killed. Where the supervisor
dies without a word, even by SIGKILL, its watcher does the same.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from local import ROOT

# What the others lean on goes last: a worker that finishes its task needs its broker.
FRONT_GRACE = 8
BACKING_GRACE = 4
TAIL = 15
# Valkey's advice on kernel settings means servers that carry more than a demo.
UNSAID = "Memory overcommit must be enabled"
STOP = ""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[str]
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))
    reader: threading.Thread | None = None


class Supervisor:
    def __init__(
        self, *, backing: Collection[str], grace: int = FRONT_GRACE, owner: int | None = None
    ) -> None:
        self.backing = backing
        self.grace = grace
        self.owner = owner
        """Our parent, where we stop when it is gone: `make` may go without a word."""
        self.children: list[Child] = []
        # The name of a process that ended, or STOP. A signal handler may put without a deadlock.
        self.events: SimpleQueue[str] = SimpleQueue()
        self.output = threading.Lock()

    def run(self, commands: Mapping[str, str]) -> int:
        """Until asked to stop, or until one ends by itself; then stop the others. The exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda *_: self.events.put(STOP))
        watch = [sys.executable, "-E", "-m", "local.supervisor", str(self.grace)]
        with subprocess.Popen(
            watch, cwd=ROOT, stdin=subprocess.PIPE, text=True, start_new_session=True
        ) as watcher:
            # What the others lean on starts first.
            for name in sorted(commands, key=lambda name: name not in self.backing):
                self._start(name, commands[name], watcher)
            broken = self._next_event()
            told = (f"{self._rank(each.name)} {each.process.pid}" for each in self.children)
            stop_in_order(told, grace=self.grace)
            watcher.kill()
        return self._report(broken)

    def say(self, text: str, *, name: str = "koe") -> None:
        try:
            with self.output:
                sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name:<7}| {text}\n")
                sys.stdout.flush()
        except BrokenPipeError:
            self.events.put(STOP)
        except OSError:
            pass  # A closed terminal must not keep us from stopping.

    def _start(self, name: str, command: str, watcher: subprocess.Popen[str]) -> None:
        # It tells the watcher of itself: we may be killed before we could.
        tell = f'echo "{self._rank(name)} $$" >&0'
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"{tell}; exec {command} </dev/null"],
            cwd=ROOT,
            stdin=watcher.stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        child = Child(name, process)
        self.children.append(child)
        child.reader = threading.Thread(target=self._read, args=(child,), daemon=True)
        child.reader.start()
        threading.Thread(target=self._wait, args=(child,), daemon=True).start()

    def _read(self, child: Child) -> None:
        for line in child.process.stdout or ():
            child.tail.append(line.rstrip("\n"))
            if UNSAID not in line:
                self.say(line.rstrip("\n"), name=child.name)

    def _wait(self, child: Child) -> None:
        child.process.wait()
        self.events.put(child.name)

    def _rank(self, name: str) -> str:
        return "backing" if name in self.backing else "front"

    def _next_event(self) -> str:
        while self.owner is None or os.getppid() == self.owner:
            # Not without end: a signal that comes just before a wait is handled just after it.
            with contextlib.suppress(Empty):
                return self.events.get(timeout=0.5)
        return STOP

    def _report(self, broken: str) -> int:
        """0 where we were asked to stop, else the exit code of the process that broke."""
        if broken == STOP:
            self.say("Koe has stopped.")
            return 0
        child = next(child for child in self.children if child.name == broken)
        code = child.process.returncode
        if child.reader:
            child.reader.join(1)  # Its last lines may still be on their way.
        lines = "\n".join(f"  {line}" for line in list(child.tail))
        print(
            f"\nKoe stopped because {broken} ended by itself (exit code {code}). "
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
        left = [number for number in numbers if _reached(os.kill, number, signal.SIGTERM)]
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = [number for number in left if _reached(os.kill, number, 0)]
        for number in numbers:
            _reached(os.killpg, number, signal.SIGKILL)


def _reached(send: Callable[[int, int], None], number: int, signal_number: int) -> bool:
    try:
        send(number, signal_number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    # Ends when whoever tells the processes is gone.
    stop_in_order(list(sys.stdin), grace=int(sys.argv[1]))
