"""Usage by REST, 10,000 rows a request, against raw COPY of the same rows: 16 clients, PostgreSQL.

The peer's clients COPY into the same table with its key and its foreign keys, and check nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import harness
from benchmarks.serving import CLIENTS, load, served

MEASURES = ("logins", "active_users", "exports", "api_calls", "invites")
CUSTOMERS = 2_000
ROWS = CUSTOMERS * len(MEASURES)
LAST_DAY = dt.date(2025, 12, 31)
Day = Sequence[tuple[str, str, str, float]]


def run(*, requests: int = 48, rounds: int = 3) -> list[dict[str, Any]]:
    with harness.database() as url, tempfile.TemporaryDirectory() as folder:
        environment = {
            "REDIS_URL": harness.REDIS,
            "SECRET_KEY": "benchmark-benchmark-benchmark-benchmark-benchmark",
            "KOE_VAR_DIR": folder,
        }
        found: list[dict[str, Any]] = harness.run_module(
            "web.rest", requests, rounds, url=url, environment=environment
        )
    return found


def measure(requests: int, rounds: int) -> list[dict[str, Any]]:
    key = _build()
    days = iter(LAST_DAY - dt.timedelta(days=number) for number in range(10_000))
    pairs = []
    with served("config.settings", application="asgi") as port:
        load(port, [_request(next(days), key) for _ in range(2)], 200)
        for _ in range(rounds):
            ours = [_request(next(days), key) for _ in range(requests)]
            rate, _slowest = load(port, ours, 200)
            pairs.append((rate * ROWS, _copied([_rows(next(days)) for _ in range(requests)])))
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / bare for mine, bare in pairs)
    name = f"usage by REST, {ROWS:,} rows a request (rows/s)"
    return [{"name": name, "ours": round(ours), "peer": round(peer), "ratio": round(ratio, 3),
             "bar": None, "ok": None}]  # fmt: skip


def _build() -> str:
    from django.utils import timezone

    from accounts.models import Customer, Measure
    from api.services.keys import create_key

    harness.make_tables()
    Customer.objects.bulk_create(Customer(customer_id=f"C{number}") for number in range(CUSTOMERS))
    Measure.objects.bulk_create(Measure(key=key) for key in MEASURES)
    wanted = {"role": "cs", "project": "", "rate": 100_000, "by": None}
    return create_key("bench", **wanted, now=timezone.now())[1]  # type: ignore[arg-type]


def _rows(day: dt.date) -> Day:
    return [
        (f"C{customer}", day.isoformat(), name, (customer * 7919 + day.day) % 1000 / 4)
        for customer in range(CUSTOMERS)
        for name in MEASURES
    ]


def _request(day: dt.date, key: str) -> bytes:
    names = ("customer_id", "day", "measure", "value")
    lines = (json.dumps(dict(zip(names, row, strict=True))) for row in _rows(day))
    body = "\n".join(lines).encode()
    head = (
        b"POST /api/v1/usage HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %b\r\n"
        b"Content-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (key.encode(), len(body)) + body


def _copied(days: list[Day]) -> float:
    """Rows a second, of clients that have a connection each."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        cursor = connection.cursor()
        customers: dict[str, int] = dict(
            cursor.execute("SELECT customer_id, id FROM accounts_customer").fetchall()
        )
        measures: dict[str, int] = dict(
            cursor.execute("SELECT key, id FROM accounts_measure").fetchall()
        )
    waiting = iter(days)

    def client(_: int) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            for day in waiting:
                with connection.cursor().copy(
                    "COPY accounts_reading (measure_id, day, customer_id, value, known_from,"
                    " is_sum) FROM STDIN"
                ) as copy:
                    for customer, at, name, value in day:
                        copy.write_row((measures[name], at, customers[customer], value, at, False))
                connection.commit()

    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))
    return len(days) * ROWS / (time.perf_counter() - start)


if __name__ == "__main__":
    import sys

    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
