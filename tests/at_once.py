"""Things done at once, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def run_at_once(tasks: list[Callable[[], object]]) -> None:
    barrier = threading.Barrier(len(tasks))
    faults: list[BaseException] = []

    def run(task: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=30)
            task()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
