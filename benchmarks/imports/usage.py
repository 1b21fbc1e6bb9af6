"""Importing a million readings, against `pandas.read_csv` and a raw bulk insert of the same rows.

The peer fills the same table with its key and its foreign keys by INSERTs of 1,000 rows, and
checks nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.imports.importing import CHUNK, Importing

ROWS, ROUNDS, CUSTOMERS = 1_000_000, 3, 20_000
MEASURES = ("logins", "active_users", "exports", "api_calls", "invites")
LAST_DAY = dt.date(2025, 12, 31)
BAR_SECONDS = 60.0


def run(*, rows: int = ROWS, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    with harness.database() as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "usage.csv")
        _write_file(path, rows=rows)
        name = f"importing {rows:,} readings"
        return IMPORTING.compare(path, url=url, rounds=rounds, name=name, bar_seconds=BAR_SECONDS)


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

    Customer.objects.bulk_create(Customer(customer_id=f"C{number}") for number in range(CUSTOMERS))
    Measure.objects.bulk_create(Measure(key=key) for key in MEASURES)


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


IMPORTING = Importing(
    "imports.usage",
    "import_usage",
    tables=["accounts_reading"],
    emptied=["accounts_reading", "accounts_readingspan"],
    build=_build,
    peer=_read_and_insert,
)


if __name__ == "__main__":
    IMPORTING.main()
