"""What the benchmarks share: a database of their own, a process of their own, rows of the table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

REDIS = os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:6379/9")
SERVER = os.environ.get("BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")

Found = TypeVar("Found")


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty PostgreSQL database that is gone afterwards."""
    import psycopg

    name = f"koe_bench_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def make_tables() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def run_module(
    name: str, *arguments: object, url: str, environment: Mapping[str, str] | None = None
) -> Any:
    """What `python -m benchmarks.<name>` prints, on the database at `url`."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **(environment or {}),
        },
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def compared(name: str, ours: float, peer: float, *, bar: float | None) -> dict[str, Any]:
    """A row where we may take `bar` times what the peer takes; None: only to be known."""
    ratio = ours / peer
    return {
        "name": name,
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "ratio": round(ratio, 2),
        "bar": f"<= {bar:g} x" if bar else None,
        "ok": ratio <= bar if bar else None,
    }


def limited(name: str, ours: float, *, bar: float | None, unit: str) -> dict[str, Any]:
    """A row without a peer; a bar of None: only to be known."""
    return {
        "name": name, "ours": round(ours, 3), "peer": None, "ratio": None,
        "bar": f"<= {bar:g} {unit}" if bar else None, "ok": ours <= bar if bar else None,
    }  # fmt: skip
