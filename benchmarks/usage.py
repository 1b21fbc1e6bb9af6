"""Importing a million readings, against `pandas.read_csv` and a raw bulk insert of the same rows.

The peer fills the same table with its key and its foreign keys by INSERTs of 1,000 rows, and
checks nothing. Both run in processes of their own, so that each one's peak memory is its own.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import harness

ROWS, ROUNDS, CUSTOMERS, CHUNK = 1_000_000, 3, 20_000, 1_000
MEASURES = ("logins", "active_users", "exports", "api_calls", "invites")
LAST_DAY = dt.date(2025, 12, 31)
BAR_TIME, BAR_SECONDS, BAR_MEMORY = 4.0, 60.0, 300.0


def run(*, rows: int = ROWS, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    with harness.database() as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "usage.csv")
        _write_file(path, rows=rows)

        def child(what: str) -> dict[str, float]:
            found: dict[str, float] = harness.run_module(
                "usage", what, path, url=url, environment={"KOE_VAR_DIR": folder}
            )
            return found

        child("build")
        pairs = [[child(side) for side in ("ours", "peer")] for _ in range(rounds)]
    ours, peer = (
        statistics.median(side["seconds"] for side in each) for each in zip(*pairs, strict=True)
    )
    ratio = statistics.median(mine["seconds"] / plain["seconds"] for mine, plain in pairs)
    memory = max(mine["megabytes"] for mine, _ in pairs)
    name = f"importing {rows:,} readings"
    return [
        {"name": f"{name} (s)", "ours": round(ours, 2), "peer": round(peer, 2),
         "ratio": round(ratio, 2), "bar": f"<= {BAR_TIME:g} x", "ok": ratio <= BAR_TIME},
        harness.limited(f"{name}: time (s)", ours, bar=BAR_SECONDS, unit="s"),
        harness.limited(f"{name}: peak memory (MB)", memory, bar=BAR_MEMORY, unit="MB"),
    ]  # fmt: skip


def _write_file(path: Path, *, rows: int) -> None:
    """As a nightly export is: by day, then by customer, with its measures one after the other."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "day", "measure", "value"])
        for number in range(rows):
            customer, place = divmod(number, len(MEASURES))
            day = LAST_DAY - dt.timedelta(days=customer // CUSTOMERS)
            writer.writerow(
                [f"C{customer % CUSTOMERS}", day, MEASURES[place], (number * 7919) % 1000 / 4]
            )


def _build() -> None:
    from accounts.models import Customer, Measure

    harness.make_tables()
    Customer.objects.bulk_create(Customer(customer_id=f"C{number}") for number in range(CUSTOMERS))
    Measure.objects.bulk_create(Measure(key=key) for key in MEASURES)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_reading, accounts_readingspan")
    connection.close()


def _import(path: Path) -> None:
    from io import StringIO

    from django.core.management import call_command

    call_command("import_usage", str(path), stdout=StringIO())


def _read_and_insert(path: Path) -> None:
    import pandas as pd
    import psycopg

    frame = pd.read_csv(path, dtype=str)
    rows = list(frame.itertuples(index=False, name=None))
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT customer_id, id FROM accounts_customer")
        customers: dict[str, int] = dict(cursor.fetchall())
        cursor.execute("SELECT key, id FROM accounts_measure")
        measures: dict[str, int] = dict(cursor.fetchall())
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            values = [
                value
                for customer, day, measure, number in part
                for value in (measures[measure], day, customers[customer], number)
            ]
            cursor.execute(
                "INSERT INTO accounts_reading (measure_id, day, customer_id, value, known_from,"
                " is_sum) VALUES " + ", ".join(["(%s, %s, %s, %s, now(), false)"] * len(part)),
                values,
            )


def _measure(what: str, path: Path) -> dict[str, float]:
    _empty()
    work = {"ours": _import, "peer": _read_and_insert}[what]
    start = time.perf_counter()
    work(path)
    seconds = time.perf_counter() - start
    _count(path)
    return {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _count(path: Path) -> None:
    from accounts.models import Reading

    with path.open(encoding="utf-8") as file:
        expected = sum(1 for _ in file) - 1
    if (found := Reading.objects.count()) != expected:
        raise SystemExit(f"{expected} rows in the file, {found} in the database")


def main() -> None:
    import django

    django.setup()
    what, path = sys.argv[1], Path(sys.argv[2])
    if what == "build":
        _build()
        print("{}")
    else:
        print(json.dumps(_measure(what, path)))


if __name__ == "__main__":
    main()
