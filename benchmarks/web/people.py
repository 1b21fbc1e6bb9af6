"""Creating people in the Delighted dialect against a bare Django view: PostgreSQL, 16 clients.

Every request names somebody new. The peer finds the key by its hash, reads the JSON, and inserts a
person and a member in one transaction. Ours does so within the project, the cap and the suppressed;
in the second row it also asks: a respondent, an invitation, a slot and an ask.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from base64 import b64encode
from contextlib import ExitStack
from typing import Any

from benchmarks import harness
from benchmarks.serving import load, served

ROUNDS = 5
REQUESTS = int(os.environ.get("BENCH_PEOPLE", "600"))
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {key}\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
)


def run() -> list[dict[str, Any]]:
    with harness.database() as url, tempfile.TemporaryDirectory() as folder:
        environment = {
            "REDIS_URL": harness.REDIS,
            "SECRET_KEY": "benchmark-benchmark-benchmark-benchmark-benchmark",
            "KOE_VAR_DIR": folder,
            "BENCH_TEMPLATES": folder,
        }
        found: list[dict[str, Any]] = harness.run_module(
            "web.people", url=url, environment=environment
        )
    return found


def measure() -> list[dict[str, Any]]:
    key = _key()
    stored, asked, bare = [], [], []
    with ExitStack() as stack:
        ours = stack.enter_context(served("config.settings", application="asgi"))
        peer = stack.enter_context(served("benchmarks.peers.people"))
        for number in range(ROUNDS):
            bare.append(load(peer, _requests(f"bare{number}", key, "/people", {}), 201))
            path = "/v1/people"
            stored.append(load(ours, _requests(f"s{number}", key, path, {"send": False}), 201))
            later = {"delay": 86400}
            asked.append(load(ours, _requests(f"a{number}", key, path, later), 201))
    return [
        _row("create a person, send=false (1/s)", stored, bare),
        _row("create a person, who is asked (1/s)", asked, bare),
    ]


def _key() -> str:
    from django.utils import timezone

    from api.models.keys import HIGHEST_RATE
    from api.services.keys import create_key

    harness.make_tables()
    _, text = create_key(
        "bench", role="cs", project="bench", rate=HIGHEST_RATE, by=None, now=timezone.now()
    )
    return b64encode(f"{text}:".encode()).decode()


def _requests(name: str, key: str, path: str, more: dict[str, Any]) -> list[bytes]:
    bodies = (
        json.dumps({"email": f"{name}-{each}@example.com", "name": "Aoi Sato", **more})
        for each in range(REQUESTS)
    )
    return [
        HEAD.format(path=path, key=key, length=len(body), body=body).encode() for body in bodies
    ]


def _row(name: str, ours: list[Any], peer: list[Any]) -> dict[str, Any]:
    """To be known; the peer promises nobody anything."""
    ratio = statistics.median(a[0] / b[0] for a, b in zip(ours, peer, strict=True))
    rates = [round(statistics.median(rate for rate, _ in side), 1) for side in (ours, peer)]
    return {"name": name, "ours": rates[0], "peer": rates[1],
            "ratio": round(ratio, 2), "bar": None, "ok": None}  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure()))
