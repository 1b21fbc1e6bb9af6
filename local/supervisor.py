"""Runs processes side by side, starts again what ends, and leaves none behind, whatever becomes of
itself.

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
# The pauses before a process that ended is started again. Whoever lived for a while begins anew.
BACK_OFF = (0.5, 1, 2, 5, 10, 30)
LIVED = 20
# Without the pages there is no Koe: where they never came up, nothing else is worth running.
STARTS_OF_THE_ESSENTIAL = 3
GONE = "gone"
# Valkey's advice on kernel settings means servers that carry more than a demo.
UNSAID = "Memory overcommit must be enabled"


class Child:
    def __init__(self, name: str, command: str) -> None:
        self.name = name
        self.command = command
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.began_at = 0.0
        self.again_at: float | None = None
        """None: it runs."""
        self.failures = 0
        """Ends in a row, each soon after its start."""
        self.has_lived = False

    def began(self, process: subprocess.Popen[str]) -> None:
        self.process, self.began_at, self.again_at = process, time.monotonic(), None
        self.tail.clear()

    def ended(self) -> float:
        """After how many seconds it is started again."""
        now = time.monotonic()
        if now - self.began_at >= LIVED:
            self.failures, self.has_lived = 0, True
        pause = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
        self.failures += 1
        self.again_at = now + pause
        return pause


class Supervisor:
    def __init__(
        self,
        *,
        backing: Collection[str],
        essential: str = "",
        grace: int = FRONT_GRACE,
        owner: int | None = None,
    ) -> None:
        self.backing = backing
        self.essential = essential
        self.grace = grace
        self.owner = owner
        """Our parent, where we stop when it is gone: `make` may go without a word."""
        self.children: list[Child] = []
        self.asked = False
        self.output = threading.Lock()

    def run(self, commands: Mapping[str, str]) -> int:
        """Until asked to stop, or until the essential one cannot be started. The exit code."""
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
                self.children.append(Child(name, commands[name]))
                self._start(self.children[-1], watcher)
            broken = self._watch_over(watcher)
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

    def _start(self, child: Child, watcher: subprocess.Popen[str]) -> None:
        # It tells the watcher of itself: we may be killed before we could.
        rank = "backing" if child.name in self.backing else "front"
        process = subprocess.Popen(
            ["/bin/sh", "-c", f'echo "{rank} $$" >&0; exec {child.command} </dev/null'],
            cwd=ROOT,
            stdin=watcher.stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        child.began(process)
        threading.Thread(target=self._read, args=[child, process], daemon=True).start()
        # A process whose end nobody waits for looks alive to the watcher.
        threading.Thread(target=process.wait, daemon=True).start()

    def _read(self, child: Child, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            child.tail.append(line.rstrip("\n"))
            if UNSAID not in line:
                self.say(line.rstrip("\n"), name=child.name)

    def _watch_over(self, watcher: subprocess.Popen[str]) -> Child | None:
        """None where we are asked to stop, or our parent is gone."""
        while not self.asked and (self.owner is None or os.getppid() == self.owner):
            for child in self.children:
                if child.again_at is None and child.process.poll() is not None:
                    if self._is_beyond_help(child):
                        return child
                    self._note_that_it_ended(child, watcher)
                elif child.again_at is not None and time.monotonic() >= child.again_at:
                    self._start(child, watcher)
            time.sleep(POLL_SECONDS)
        return None

    def _is_beyond_help(self, child: Child) -> bool:
        tries = child.failures + 1
        never_lived = not child.has_lived and time.monotonic() - child.began_at < LIVED
        return child.name == self.essential and never_lived and tries >= STARTS_OF_THE_ESSENTIAL

    def _note_that_it_ended(self, child: Child, watcher: subprocess.Popen[str]) -> None:
        # What is left of its group would hold on to ports and files.
        _reached(-child.process.pid, signal.SIGKILL)
        if watcher.stdin:
            # Its number may soon be another's.
            watcher.stdin.write(f"{GONE} {child.process.pid}\n")
            watcher.stdin.flush()
        pause = child.ended()
        code = child.process.returncode
        self.say(f"{child.name} ended (exit code {code}) and is started again in {pause:g} s.")

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
    """Stop the processes of lines like `front 123`, those called `backing` after the others.

    Without those of a later line like `gone 123`.
    """
    ranks: dict[int, str] = {}
    for rank, text in (line.split() for line in told):
        ranks.pop(int(text), None)
        if rank != GONE:
            ranks[int(text)] = rank
    for rank, seconds in (("front", grace), ("backing", BACKING_GRACE)):
        numbers = [number for number, name in ranks.items() if name == rank]
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
