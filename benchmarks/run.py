"""`make bench`: every benchmark there is, one after the other, as a table and as results.json.

Each measures us and its peer in turns on the same machine and reports medians, so the ratios hold
where the figures do not. Run it on a quiet machine; `--quick` only shows that all of it works.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import harness

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results.json"
COLUMNS = ("name", "ours", "peer", "ratio", "bar", "verdict")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`usual` and `quick` are what the `run()` of its module is called with."""

    name: str
    usual: dict[str, Any] = field(default_factory=dict)
    quick: dict[str, Any] = field(default_factory=dict)
    # Works in the process it is called in, on a database made for it: postgresql or sqlite.
    database: str = ""
    module: str = ""

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.place.replace('.', '/')}.py"

    @property
    def place(self) -> str:
        """Of its module, below `benchmarks`."""
        return self.module or self.name


BENCHMARKS = (
    Benchmark("planning", {"scale": "full"}, {"scale": "small"}),
    Benchmark(
        "sending",
        {"memory": (10_000, 100_000)},
        quick={"mails": 300, "rounds": 1},
        database="postgresql",
    ),
    Benchmark(
        "sending-sqlite",
        quick={"mails": 300, "rounds": 1},
        database="sqlite",
        module="sending",
    ),
    Benchmark("answering", module="web.answering"),
    Benchmark("people", module="web.people"),
    Benchmark("reports", quick={"quick": True}, module="figures.reports"),
    Benchmark("lists", quick={"rows": 3_000, "rounds": 1}, database="postgresql"),
    Benchmark(
        "lists-sqlite", quick={"rows": 3_000, "rounds": 1}, database="sqlite", module="lists"
    ),
    Benchmark("imports", quick={"rows": 10_000, "rounds": 1}, module="imports.respondents"),
    Benchmark("usage", quick={"rows": 20_000, "rounds": 1}, module="imports.usage"),
    Benchmark("rest", quick={"requests": 4, "rounds": 1}, module="web.rest"),
    Benchmark(
        "metrics",
        quick={"answers": 5_000, "customers": 500, "rounds": 1},
        module="figures.metrics",
    ),
    Benchmark("health", quick={"customers": 1_000, "rounds": 1}, module="figures.health"),
    Benchmark(
        "pages", quick={"sizes": ((2_000, 300), (5_000, 500)), "rounds": 1}, module="web.pages"
    ),
    Benchmark("load", quick={"minutes": 0.5, "write": False}, module="load.run"),
)


def existing() -> list[Benchmark]:
    return [each for each in BENCHMARKS if each.path.is_file()]


def verdict(row: Row) -> str:
    """`ok`, `MISSED`, or `-` where there is no bar."""
    if row.get("ok") is not None:
        return "ok" if row["ok"] else "MISSED"
    bar = row.get("bar")
    if isinstance(bar, int | float) and row.get("ratio") is not None:
        # A bare number is the least that the ratio of two rates may be.
        return "ok" if row["ratio"] >= bar else "MISSED"
    return "-"


def table(rows: list[Row]) -> str:
    lines = [COLUMNS, *([_cell(row.get(name)) for name in COLUMNS] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(COLUMNS))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Any, widths: list[int]) -> str:
    name, *figures = cells
    right = (each.rjust(width) for each, width in zip(figures, widths[1:], strict=True))
    return "  ".join([name.ljust(widths[0]), *right]).rstrip()


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def run_apart(benchmark: Benchmark, *, size: str) -> list[Row]:
    """In a process of its own, so that one's memory and connections are not another's."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment.setdefault("KOE_VAR_DIR", folder)
        environment["SECRET_KEY"] = "benchmarks-only-" * 4
        command = [sys.executable, "-m", "benchmarks.run", "--one", benchmark.name]
        output = Path(folder, "rows.json")
        done = subprocess.run(
            [*command, "--output", str(output), "--size", size],
            env=environment,
            cwd=FOLDER.parent,
            check=False,
        )
        if done.returncode:
            return [{"name": benchmark.name, "bar": "to run", "ok": False}]
        rows: list[Row] = json.loads(output.read_text())
    return rows


def run_here(benchmark: Benchmark, *, size: str) -> list[Row]:
    import importlib

    module = importlib.import_module(f"benchmarks.{benchmark.place}")
    options = benchmark.quick if size == "quick" else benchmark.usual
    if not benchmark.database:
        rows: list[Row] = module.run(**options)
        return rows
    import django

    with _database_for(benchmark) as url:
        os.environ["DATABASE_URL"] = url
        django.setup()
        harness.make_tables()
        rows = module.run(**options)
        _close()
    return rows


@contextmanager
def _database_for(benchmark: Benchmark) -> Iterator[str]:
    if benchmark.database == "postgresql":
        with harness.database() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"


def _close() -> None:
    from django.db import connections

    connections.close_all()


def machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", help="only these (default: all)")
    parser.add_argument(
        "--quick",
        dest="size",
        action="store_const",
        const="quick",
        default="usual",
        help="small sizes, one round",
    )
    parser.add_argument("--size", help=argparse.SUPPRESS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    known = {each.name: each for each in existing()}
    if options.one:
        rows = run_here(known[options.one], size=options.size)
        options.output.write_text(json.dumps(rows))
        return 0
    if wrong := set(options.names) - set(known):
        parser.error(f"no benchmark {', '.join(sorted(wrong))}; there are {', '.join(known)}")
    return report([known[name] for name in options.names or known], options)


def report(benchmarks: list[Benchmark], options: argparse.Namespace) -> int:
    about, rows = machine(), []
    for benchmark in benchmarks:
        print(f"{benchmark.name} ...", file=sys.stderr, flush=True)
        rows += run_apart(benchmark, size=options.size)
    rows = [{**row, "verdict": verdict(row)} for row in rows]
    print(table(rows))
    found = {"size": options.size, **about, "rows": rows}
    options.output.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    missed = [row["name"] for row in rows if row["verdict"] == "MISSED"]
    if about["load_before"] > 0.5:
        print(f"The machine was not quiet (load {about['load_before']:.1f}): believe ratios only.")
    return 1 if missed and options.size != "quick" else 0


if __name__ == "__main__":
    sys.exit(main())
