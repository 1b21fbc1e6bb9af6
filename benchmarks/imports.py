"""Importing respondents, against `pandas.read_csv` and a raw bulk insert of the same rows.

The peer fills the same two tables with their keys and indexes by INSERTs of 1,000 rows, and checks
nothing. Both run in processes of their own, so that each one's peak memory is its own.
"""

from __future__ import annotations

import csv
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

ROWS, ROUNDS, CUSTOMERS, CHUNK = 100_000, 5, 2_000, 1_000
BAR_TIME, BAR_MEMORY = 4.0, 300.0


def run(*, rows: int = ROWS, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    with harness.database() as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "respondents.csv")
        _write_file(path, rows=rows)

        def child(what: str) -> dict[str, float]:
            found: dict[str, float] = harness.run_module(
                "imports", what, path, url=url, environment={"KOE_VAR_DIR": folder}
            )
            return found

        child("build")
        pairs = [[child(side) for side in ("ours", "peer")] for _ in range(rounds)]
    ours, peer = (
        statistics.median(side["seconds"] for side in each) for each in zip(*pairs, strict=True)
    )
    ratio = statistics.median(mine["seconds"] / plain["seconds"] for mine, plain in pairs)
    memory = max(mine["megabytes"] for mine, _ in pairs)
    name = f"importing {rows:,} respondents"
    return [
        {"name": f"{name} (s)", "ours": round(ours, 2), "peer": round(peer, 2),
         "ratio": round(ratio, 2), "bar": f"<= {BAR_TIME:g} x", "ok": ratio <= BAR_TIME},
        harness.limited(f"{name}: peak memory (MB)", memory, bar=BAR_MEMORY, unit="MB"),
    ]  # fmt: skip


def _write_file(path: Path, *, rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["email", "customer_id", "name", "role", "language", "time_zone", "team"])
        for number in range(rows):
            japanese = number % 3 != 0
            writer.writerow(
                [
                    f"person.{number}@customer{number % CUSTOMERS}.example",
                    f"C{number % CUSTOMERS}",
                    f"佐藤 陽菜 {number}" if japanese else f"Alice Barlow {number}",
                    ("executive", "admin", "champion", "user")[number % 4],
                    "ja" if japanese else "en",
                    "Asia/Tokyo" if japanese else "Europe/London",
                    f"team {number % 40}",
                ]
            )


def _build() -> None:
    from accounts.models import Customer

    harness.make_tables()
    Customer.objects.bulk_create(Customer(customer_id=f"C{number}") for number in range(CUSTOMERS))


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_respondent, accounts_person CASCADE")
    connection.close()


def _import(path: Path) -> None:
    from io import StringIO

    from django.core.management import call_command

    call_command("import_respondents", str(path), stdout=StringIO())


def _read_and_insert(path: Path) -> None:
    """One transaction, as raw as the tables' keys allow: a respondent needs its person's id."""
    import pandas as pd
    import psycopg

    frame = pd.read_csv(path, dtype=str)
    rows = list(frame.itertuples(index=False, name=None))
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT customer_id, id FROM accounts_customer")
        customers: dict[str, int] = dict(cursor.fetchall())
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            people = [row[0] for row in part]
            cursor.execute(
                "INSERT INTO accounts_person (mail_key, created_at) VALUES "
                + ", ".join(["(%s, now())"] * len(part))
                + " RETURNING id",
                people,
            )
            ids = [pk for (pk,) in cursor.fetchall()]
            values = [
                value
                for pk, (email, customer, name, role, language, zone, team) in zip(
                    ids, part, strict=True
                )
                for value in (pk, customers[customer], email, name, role, language, zone,
                              f'{{"team": "{team}"}}')
            ]  # fmt: skip
            cursor.execute(
                "INSERT INTO accounts_respondent (person_id, customer_id, email, name, role,"
                " language, time_zone, attributes, created_at, updated_at) VALUES "
                + ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, now(), now())"] * len(part)),
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
    from accounts.models import Person, Respondent

    with path.open(encoding="utf-8") as file:
        expected = sum(1 for _ in file) - 1
    found = (Person.objects.count(), Respondent.objects.count())
    if found != (expected, expected):
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
