"""Tells workers that there is work without making whoever answers a survey wait for the broker.

A thread publishes once the reply is on its way, each task once however often it was published
meanwhile. A process that dies takes what waits along: only what a tick finds as well may be
published so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Call = tuple[str, tuple[Any, ...]]


class BackgroundPublisher:
    def __init__(self, send: Callable[[str, tuple[Any, ...]], object]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._waiting: dict[Call, None] = {}
        self._thread: threading.Thread | None = None

    def publish(self, task: str, *args: Any) -> None:
        with self._lock:
            self._waiting[task, args] = None
            # A process that was forked has the name of its parent's thread, but not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="background-publisher", daemon=True
                )
                self._thread.start()

    def _run(self) -> None:
        while taken := self._take():
            for task, args in taken:
                self._send(task, args)

    def _take(self) -> list[Call]:
        with self._lock:
            taken, self._waiting = list(self._waiting), {}
            if not taken:
                self._thread = None
        return taken
