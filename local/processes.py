"""honcho's process manager, taught to stop in order and to say which process broke."""

from __future__ import annotations

import errno
import signal
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from types import FrameType
from typing import Any

import honcho.manager
from honcho.manager import Manager
from honcho.printer import Printer
from honcho.process import Process

from local.parent import die_with_parent

# What the others lean on goes last: a worker that finishes its task needs its broker.
FRONT_GRACE = 8
BACKING_GRACE = 4
TAIL = 15
# Valkey's advice on kernel settings means servers that carry more than a demo.
UNSAID = "Memory overcommit must be enabled"
# honcho's own last resort, after our guards have had their time.
honcho.manager.KILL_WAIT = FRONT_GRACE + BACKING_GRACE + 2


class TailPrinter(Printer):  # type: ignore[misc]
    """Prints like honcho and remembers the last lines of each process."""

    def __init__(self, on_broken_pipe: Callable[[], None]) -> None:
        super().__init__(sys.stdout)
        self.tails: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=TAIL))
        self.on_broken_pipe = on_broken_pipe

    def write(self, message: Any) -> None:
        data = message.data
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        self.tails[message.name].extend(text.splitlines())
        if UNSAID in text:
            return
        try:
            super().write(message)
        except OSError as error:
            # A closed terminal must not keep us from stopping; a closed pipe asks us to.
            if error.errno == errno.EPIPE:
                self.on_broken_pipe()
        except RuntimeError:
            # honcho speaks in its signal handler; where that cuts into a line that is being
            # written, its word is refused as reentrant. It may be lost, the stop may not.
            pass


class TiedProcess(Process):  # type: ignore[misc]
    """honcho's helper process for one child; it goes when honcho goes."""

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        die_with_parent(signal.SIGKILL)()
        # A Ctrl-C between fork and exec is the manager's business alone.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        super().run(events, ignore_signals)


class Stack(Manager):  # type: ignore[misc]
    def __init__(self, *, backing: set[str]) -> None:
        super().__init__(TailPrinter(self.terminate))
        self._process_ctor = TiedProcess
        self.backing = backing
        self._terminating = False
        self.broken: str | None = None

    def loop(self) -> None:
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._hang_up)
        try:
            super().loop()
        except BaseException:
            # Without this, leaving would wait for processes that nobody has asked to stop.
            self._stop_in_order()
            raise

    def _hang_up(self, signum: int, frame: FrameType | None) -> None:
        self.returncode = 129
        self.terminate()

    def say(self, text: str) -> None:
        self._system_print(text + "\n")

    def terminate(self) -> None:
        if self._terminating:
            return
        self._terminating = True
        ended = [name for name in self._processes if self._has_ended(name)]
        self.broken = ended[0] if ended else None
        threading.Thread(target=self._stop_in_order, daemon=True).start()

    def _has_ended(self, name: str) -> bool:
        return self._processes[name].get("returncode") is not None

    def _stop_in_order(self) -> None:
        fronts = [name for name in self._processes if name not in self.backing]
        backing = [name for name in self._processes if name in self.backing]
        for names, seconds in ((fronts, FRONT_GRACE + 1), (backing, BACKING_GRACE + 1)):
            self._ask(names)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and not all(map(self._has_ended, names)):
                time.sleep(0.05)

    def _ask(self, names: list[str]) -> None:
        deadline = time.monotonic() + 5
        for name in names:
            # A stop may come while a process is still being started: its number is then unknown.
            while self._processes[name].get("pid") is None and time.monotonic() < deadline:
                time.sleep(0.05)
            pid = self._processes[name].get("pid")
            if pid is not None and not self._has_ended(name):
                self._procmgr.terminate(pid)

    def report(self) -> int:
        """The exit code: 0 where we were asked to stop, else that of the process that broke."""
        if self.broken is None:
            self.say("Koe has stopped.")
            return 0
        code = int(self._processes[self.broken]["returncode"])
        lines = "\n".join(f"  {line}" for line in self._printer.tails[self.broken])
        print(
            f"\nKoe stopped because {self.broken} ended by itself (exit code {code}). "
            f"Its last lines:\n{lines or '  (it said nothing)'}",
            file=sys.stderr,
            flush=True,
        )
        return 128 - code if code < 0 else code or 1
