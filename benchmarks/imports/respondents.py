"""Importing respondents, against `pandas.read_csv` and a raw bulk insert of the same rows.

The peer fills the same two tables with their keys and indexes by INSERTs of 1,000 rows, and checks
nothing.
"""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.imports.importing import CHUNK, Importing

ROWS, ROUNDS, CUSTOMERS = 100_000, 5, 2_000


def run(*, rows: int = ROWS, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    with harness.database() as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "respondents.csv")
        _write_file(path, rows=rows)
        name = f"importing {rows:,} respondents"
        return IMPORTING.compare(path, url=url, rounds=rounds, name=name)


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

    Customer.objects.bulk_create(Customer(customer_id=f"C{number}") for number in range(CUSTOMERS))


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


IMPORTING = Importing(
    "imports.respondents",
    "import_respondents",
    tables=["accounts_person", "accounts_respondent"],
    emptied=["accounts_respondent", "accounts_person"],
    build=_build,
    peer=_read_and_insert,
)


if __name__ == "__main__":
    IMPORTING.main()
