"""A site as production serves it, and clients that ask it as fast as it answers."""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

CLIENTS = 16


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(settings: str, *, application: str = "wsgi") -> Iterator[int]:
    """As Koe's web server (`asgi`), or as a bare Django behind the same server."""
    port = free_port()
    how = {"asgi": ["asginl", "--http", "1"], "wsgi": ["wsgi", "--blocking-threads", "4"]}
    command = [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port),
               "--workers", "2", "--no-ws", "--log-level", "error", "--interface",
               *how[application], f"config.{application}:application"]  # fmt: skip
    server = subprocess.Popen(command, env={**os.environ, "DJANGO_SETTINGS_MODULE": settings})
    try:
        deadline = time.monotonic() + 30
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > deadline:
                raise SystemExit("granian did not start")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def load(port: int, requests: list[bytes], status: int) -> tuple[float, float]:
    """Requests a second and the 99th percentile in milliseconds."""
    taken: list[float] = []
    waiting = iter(requests)

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            start = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 %d" % status):
                raise SystemExit(f"unexpected answer: {head.decode()}")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            if b"chunked" in head.lower():
                await reader.readuntil(b"0\r\n\r\n")
            await reader.readexactly(int(length or 0))
            taken.append(time.perf_counter() - start)
        writer.close()

    async def all_clients() -> None:
        await asyncio.gather(*(client() for _ in range(CLIENTS)))

    start = time.perf_counter()
    asyncio.run(all_clients())
    rate = len(requests) / (time.perf_counter() - start)
    return rate, statistics.quantiles(taken, n=100)[98] * 1000
