"""Ten minutes of everything at once, against the system as the Procfile starts it.

Answers, staff's pages, imports, sending and downloads of reports together, on PostgreSQL and Redis,
from clients on the same machine. `make bench ARGS=load` writes what it found into docs/load.md;
`--quick` is half a minute that shows that all of it works.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.load.found import page_of, parts_of
from benchmarks.load.parts import Parts
from benchmarks.load.stack import Koe
from benchmarks.sending import fast_sink

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "load.md"
ANSWERS, CUSTOMERS = 20_000, 2_000


def run(*, minutes: float = 10, write: bool = True) -> list[dict[str, Any]]:
    with (
        harness.database() as url,
        tempfile.TemporaryDirectory() as folder,
        fast_sink() as sink,
    ):
        environment = {
            "REDIS_URL": harness.REDIS, "KOE_VAR_DIR": folder, "KOE_DEMO": "0",
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "ORGANISATION_NAME": "Bench",
            "ORGANISATION_ADDRESS": "1 Bench Street", "TIME_ZONE": "UTC",
        }  # fmt: skip
        found: dict[str, Any] = harness.run_module(
            "load.run", minutes, folder, url=url, environment=environment
        )
    if write:
        DOCUMENT.write_text(page_of(DOCUMENT.read_text(), found))
    return _rows(found)


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name, part in parts_of(found):
        rows.append(harness.limited(f"load: {name}: p95 (ms)", part["p95"], bar=None, unit="ms"))
        errors = harness.limited(f"load: {name}: errors", part["errors"], bar=None, unit="")
        rows.append({**errors, "bar": "= 0", "ok": part["errors"] == 0})
    return rows


def measure(minutes: float, folder: Path) -> dict[str, Any]:
    from benchmarks.figures import metrics

    load_before = os.getloadavg()[0]
    metrics.build(ANSWERS, CUSTOMERS)
    with Koe(folder) as koe:
        parts = Parts(koe.port, until=time.monotonic() + 60 * minutes)
        with koe.memory() as memory:
            parts.run()
            parts.wait_for_mails()
    return {
        "minutes": minutes, "at": time.strftime("%Y-%m-%d", time.gmtime()),
        "cores": os.cpu_count(), "load_before": load_before,
        "parts": parts.figures(), "counted": parts.counted(), "memory": memory,
    }  # fmt: skip


def main() -> None:
    import django

    django.setup()
    print(json.dumps(measure(float(sys.argv[1]), Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
