"""Runs processes side by side and leaves none behind, whatever becomes of itself.

Each process has a session of its own. Asked to stop, only its first process is asked: celery and
granian end their own children in good order, whereas a signal to all of them would tear an e-mail
out of a worker's hands. After its grace, and whenever it has ended, what is left of its group is
killed. Where the supervisor dies without a word, even by SIGKILL, its watcher does that.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue

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

    def kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    def __init__(self, *, backing: Iterable[str], grace: int = FRONT_GRACE) -> None:
        self.backing = frozenset(backing)
        self.grace = grace
        self.children: list[Child] = []
        # The name of a process that ended, or STOP. A signal handler may put without a deadlock.
        self.events: SimpleQueue[str] = SimpleQueue()
        self.output = threading.Lock()

    def run(self, commands: Mapping[str, str], *, env: Mapping[str, str] | None = None) -> int:
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
                child = self._start(name, commands[name], env)
                print(child.process.pid, file=watcher.stdin, flush=True)
            broken = self.events.get()
            self._stop_in_order()
            watcher.kill()
        return self._report(broken)

    def follow(self, owner: int) -> None:
        """Stop when that process is gone, as `make` may be without a word."""

        def wait() -> None:
            select.select([os.pidfd_open(owner)], [], [])
            self.events.put(STOP)

        if hasattr(os, "pidfd_open"):
            threading.Thread(target=wait, daemon=True).start()

    def say(self, text: str, *, name: str = "koe") -> None:
        try:
            with self.output:
                sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name:<7}| {text}\n")
                sys.stdout.flush()
        except BrokenPipeError:
            self.events.put(STOP)
        except OSError:
            pass  # A closed terminal must not keep us from stopping.

    def _start(self, name: str, command: str, env: Mapping[str, str] | None) -> Child:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
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
        return child

    def _read(self, child: Child) -> None:
        for line in child.process.stdout or ():
            child.tail.append(line.rstrip("\n"))
            if UNSAID not in line:
                self.say(line.rstrip("\n"), name=child.name)

    def _wait(self, child: Child) -> None:
        child.process.wait()
        child.kill_group()
        self.events.put(child.name)

    def _stop_in_order(self) -> None:
        fronts = [child for child in self.children if child.name not in self.backing]
        backing = [child for child in self.children if child.name in self.backing]
        for children, grace in ((fronts, self.grace), (backing, BACKING_GRACE)):
            for child in children:
                child.process.terminate()
            deadline = time.monotonic() + grace
            for child in children:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(deadline - time.monotonic(), 0))
                child.kill_group()

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


def watch(lines: Iterable[str], *, grace: int) -> None:
    """Stop the processes whose numbers are told, as soon as whoever tells them is gone."""
    groups = [int(line) for line in lines]
    _signal(os.kill, groups, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while _signal(os.kill, groups, 0) and time.monotonic() < deadline:
        time.sleep(0.1)
    _signal(os.killpg, groups, signal.SIGKILL)


def _signal(send: object, groups: Iterable[int], number: int) -> int:
    reached = 0
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(group, number)  # type: ignore[operator]
            reached += 1
    return reached


if __name__ == "__main__":
    watch(sys.stdin, grace=int(sys.argv[1]))
