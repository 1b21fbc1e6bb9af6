"""What the benchmarks of imports share: the same file by our command and by a peer.

Each runs in a process of its own, so that each one's peak memory is its own.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import harness

CHUNK = 1_000
BAR_TIME, BAR_MEMORY = 4.0, 300.0


@dataclass(frozen=True, slots=True)
class Importing:
    """`module` is the benchmark's; `tables` hold one row per row of the file and are emptied."""

    module: str
    command: str
    tables: Sequence[str]
    emptied: Sequence[str]
    build: Callable[[], None]
    peer: Callable[[Path], None]

    def compare(
        self, path: Path, *, url: str, rounds: int, name: str, bar_seconds: float | None = None
    ) -> list[dict[str, Any]]:
        def child(what: str) -> dict[str, float]:
            folder = {"KOE_VAR_DIR": str(path.parent)}
            found: dict[str, float] = harness.run_module(
                self.module, what, path, url=url, environment=folder
            )
            return found

        child("build")
        pairs = [[child(side) for side in ("ours", "peer")] for _ in range(rounds)]
        ours, peer = (
            statistics.median(side["seconds"] for side in each) for each in zip(*pairs, strict=True)
        )
        memory = max(mine["megabytes"] for mine, _ in pairs)
        rows = [harness.compared(f"{name} (s)", ours, peer, bar=BAR_TIME)]
        if bar_seconds is not None:
            rows.append(harness.limited(f"{name}: time (s)", ours, bar=bar_seconds, unit="s"))
        label = f"{name}: peak memory (MB)"
        return [*rows, harness.limited(label, memory, bar=BAR_MEMORY, unit="MB")]

    def main(self) -> None:
        import django

        django.setup()
        what, path = sys.argv[1], Path(sys.argv[2])
        if what == "build":
            harness.make_tables()
            self.build()
            print("{}")
        else:
            print(
                json.dumps(self._measure(path, work=self._import if what == "ours" else self.peer))
            )

    def _measure(self, path: Path, *, work: Callable[[Path], None]) -> dict[str, float]:
        self._empty()
        _, seconds = harness.timed(partial(work, path))
        self._count(path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"seconds": seconds, "megabytes": peak}

    def _import(self, path: Path) -> None:
        from io import StringIO

        from django.core.management import call_command

        call_command(self.command, str(path), stdout=StringIO())

    def _empty(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(self.emptied)} CASCADE")
        connection.close()

    def _count(self, path: Path) -> None:
        from django.db import connection

        with path.open(encoding="utf-8") as file:
            expected = sum(1 for _ in file) - 1
        with connection.cursor() as cursor:
            for table in self.tables:
                cursor.execute(f"SELECT count(*) FROM {table}")
                (found,) = cursor.fetchone()
                if found != expected:
                    raise SystemExit(f"{expected} rows in the file, {found} in {table}")
