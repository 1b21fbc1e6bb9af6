"""A Koe as `make run` starts it, on servers of its own, and what its processes hold in memory."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
PROC = Path("/proc")
EVERY = 5.0


class Koe:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def __enter__(self) -> Koe:
        with (self.folder / "koe.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.run"],
                cwd=ROOT,
                env={**os.environ, "PORT": str(self.port), "SITE_URL": self.site},
                stdout=log,
                stderr=log,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)

    def _wait(self) -> None:
        end = time.monotonic() + 180
        while time.monotonic() < end and self._process.poll() is None:
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.5)
        raise SystemExit((self.folder / "koe.log").read_text()[-3000:])

    @contextmanager
    def memory(self) -> Iterator[dict[str, list[float]]]:
        """By process, its megabytes when it began and at the most."""
        found: dict[str, list[float]] = {}
        ended = threading.Event()

        def measure() -> None:
            while True:
                for name, size in megabytes(self._process.pid).items():
                    most = found.setdefault(name, [size, size])
                    most[1] = max(most[1], size)
                if ended.wait(EVERY):
                    return

        watcher = threading.Thread(target=measure)
        watcher.start()
        try:
            yield found
        finally:
            ended.set()
            watcher.join()


def megabytes(root: int) -> dict[str, float]:
    """Of each process that a Procfile names, with its children: its share of what is in memory."""
    sizes: dict[str, float] = {}
    for pid in _family(root):
        name = _name(pid)
        sizes[name] = sizes.get(name, 0) + _share(pid)
    return {**sizes, "all together": sum(sizes.values())}


def _family(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for status in PROC.glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found = [root]
    for each in found:
        found += parents.get(each, [])
    return found


def _name(pid: int) -> str:
    try:
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return "ended"
    if "granian" in command:
        return "web"
    if " beat" in command:
        return "beat"
    worker = re.search(r"--hostname (\w+)", command)
    return worker[1] if worker else "make run"


def _share(pid: int) -> float:
    """Its own memory, and its part of what it shares (PSS)."""
    try:
        said = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    kilobytes = re.search(r"^Pss:\s+(\d+)", said, flags=re.MULTILINE)
    return int(kilobytes[1]) / 1024 if kilobytes else 0.0
